import { policy, type Command } from './command.ts';

/** Deleted in every way. */
export const ending: readonly Command[] = [
  {
    name: 'delete on trial',
    command: 'delete mp made --dry-run=server',
    expected: /^monitorpolicy\.foghorn\.dev "made" deleted.* \(server dry run\)\n$/,
  },
  { name: 'a trial deletes nothing', command: 'get mp made -o name', expected: 'monitorpolicy.foghorn.dev/made\n' },
  {
    name: 'delete',
    command: 'delete mp made',
    expected: /^monitorpolicy\.foghorn\.dev "made" deleted( from commands namespace)?\n$/,
  },
  {
    name: 'delete what is gone',
    command: 'delete mp made',
    expected: 'Error from server (NotFound): monitorpolicies.foghorn.dev "made" not found\n',
    exitCode: 1,
  },
  {
    name: 'something that must be let go',
    command: 'apply -f -',
    stdin: policy('held', { finalizers: '[example.org/hold]' }),
    expected: 'monitorpolicy.foghorn.dev/held created\n',
  },
  {
    name: 'delete without waiting',
    command: 'delete mp held --wait=false',
    expected: /^monitorpolicy\.foghorn\.dev "held" deleted/,
  },
  {
    name: 'it is held, and marked',
    command: 'get mp held -o jsonpath={.metadata.deletionTimestamp}/{.metadata.finalizers[0]}',
    expected: /^\d{4}-\d\d-\d\dT[\d:]+Z\/example\.org\/hold$/,
  },
  {
    name: 'wait for its end',
    command: 'wait mp/held --for=delete --timeout=10s',
    meanwhile: [`patch mp held --type=json -p '[{"op":"remove","path":"/metadata/finalizers"}]'`],
    // Older ones say nothing where it is gone before they look.
    expected: /^(monitorpolicy\.foghorn\.dev\/held condition met\n)?$/,
  },
  {
    name: 'delete in the foreground',
    command: 'delete mp owned --cascade=foreground',
    expected: /^monitorpolicy\.foghorn\.dev "owned" deleted/,
    needs: 'core',
  },
  {
    name: 'delete from a file',
    command: 'delete -f - --cascade=orphan',
    stdin: policy('shop'),
    expected: /^monitorpolicy\.foghorn\.dev "shop" deleted/,
    needs: 'core',
  },
  {
    name: 'delete all',
    command: 'delete mp --all',
    expected: /^(monitorpolicy\.foghorn\.dev "\S+" deleted.*\n)+$/,
  },
  { name: 'nothing is left', command: 'get mp', expected: 'No resources found in commands namespace.\n' },
  {
    name: 'delete the namespace',
    command: 'delete namespace commands --timeout=30s',
    expected: 'namespace "commands" deleted\n',
    needs: 'core',
  },
  {
    name: 'the namespace is gone',
    command: 'get namespace commands',
    expected: 'Error from server (NotFound): namespaces "commands" not found\n',
    exitCode: 1,
    needs: 'core',
  },
];
