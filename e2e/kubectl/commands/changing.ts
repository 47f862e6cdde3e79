import { policy, type Command } from './command.ts';

/** Replaced, edited, patched, labeled. */
export const changing: readonly Command[] = [
  {
    name: 'replace',
    command: 'replace -f -',
    stdin: policy('made', { labels: '{ team: ops }', spec: ['interval: 20s'] }),
    expected: 'monitorpolicy.foghorn.dev/made replaced\n',
  },
  {
    name: 'replace a version that is gone',
    command: 'replace -f -',
    stdin: policy('made').replace('name: made', 'name: made\n  resourceVersion: "1"'),
    expected:
      /^Error from server \(Conflict\): error when replacing "STDIN": Operation cannot be fulfilled on monitorpolicies\.foghorn\.dev "made": the object has been modified; please apply your changes to the latest version and try again\n$/,
    exitCode: 1,
  },
  {
    name: 'edit',
    command: 'edit mp made',
    env: { KUBE_EDITOR: "sed -i 's/interval: 20s/interval: 25s/'" },
    expected: 'monitorpolicy.foghorn.dev/made edited\n',
  },
  {
    name: 'edit without a change',
    command: 'edit mp made',
    env: { KUBE_EDITOR: 'true' },
    expected: 'Edit cancelled, no changes made.\n',
  },
  {
    name: 'patch by merging',
    command: `patch mp made --type=merge -p '{"spec":{"interval":"35s","cooldown":null}}'`,
    expected: 'monitorpolicy.foghorn.dev/made patched\n',
  },
  {
    name: 'patch that changes nothing',
    command: `patch mp made --type=merge -p '{"spec":{"interval":"35s"}}'`,
    expected: 'monitorpolicy.foghorn.dev/made patched (no change)\n',
  },
  {
    name: 'patch by operations',
    command: `patch mp made --type=json -p '[{"op":"test","path":"/spec/interval","value":"35s"},{"op":"replace","path":"/spec/interval","value":"40s"}]'`,
    expected: 'monitorpolicy.foghorn.dev/made patched\n',
  },
  {
    name: 'patch whose test fails',
    command: `patch mp made --type=json -p '[{"op":"test","path":"/spec/interval","value":"1s"}]'`,
    expected: /^The (request is invalid|MonitorPolicy "made" is invalid): /,
    exitCode: 1,
  },
  {
    name: 'patch of the status',
    command: `patch mp made --subresource=status --type=merge -p '{"status":{"targets":{"matched":2},"conditions":[{"type":"Ready","status":"True","reason":"Watching","message":"2 targets","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}'`,
    expected: 'monitorpolicy.foghorn.dev/made patched\n',
  },
  {
    name: 'what was patched',
    command: 'get mp made -o jsonpath={.spec.interval}/{.status.targets.matched}/{.metadata.generation}',
    expected: '40s/2/5',
  },
  { name: 'label', command: 'label mp made tier=back', expected: 'monitorpolicy.foghorn.dev/made labeled\n' },
  {
    name: 'label that has another value',
    command: 'label mp made tier=front',
    expected: "error: 'tier' already has a value (back), and --overwrite is false\n",
    exitCode: 1,
  },
  {
    name: 'label that is taken away',
    command: 'label mp made tier-',
    expected: 'monitorpolicy.foghorn.dev/made unlabeled\n',
  },
  {
    name: 'annotate',
    command: 'annotate mp made example.org/note=seen',
    expected: 'monitorpolicy.foghorn.dev/made annotated\n',
  },
  {
    name: 'annotate anew',
    command: 'annotate mp --all --overwrite example.org/note=again',
    expected:
      /^monitorpolicy\.foghorn\.dev\/gen-\w+ annotated\nmonitorpolicy\.foghorn\.dev\/made annotated\nmonitorpolicy\.foghorn\.dev\/owned annotated\nmonitorpolicy\.foghorn\.dev\/shop annotated\n$/,
  },
];
