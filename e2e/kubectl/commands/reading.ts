import { policy, type Command } from './command.ts';

/** Listed, chosen, watched, waited for, described, deleted. */
export const reading: readonly Command[] = [
  {
    name: 'get',
    command: 'get mp made shop',
    expected: /^NAME +READY +TARGETS +FIRING +SEVERITY +AGE\nmade +True +2 +\d+s\nshop +\d+s\n$/,
  },
  {
    name: 'get -o wide',
    command: 'get mp made -o wide',
    expected: /^NAME +READY +TARGETS +FIRING +SEVERITY +LAST-EVAL +MESSAGE +AGE\nmade +True +2 +2 targets +\d+s\n$/,
  },
  {
    name: 'get -o yaml',
    command: 'get mp shop -o yaml',
    expected:
      /^apiVersion: foghorn\.dev\/v1alpha1\nkind: MonitorPolicy\nmetadata:\n[^]*^ {4}matchLabels:\n {6}app: shop$/m,
  },
  {
    name: 'get -o json',
    command: 'get mp shop -o json',
    expected: /^\{\n {4}"apiVersion": "foghorn\.dev\/v1alpha1",\n/,
  },
  {
    name: 'get -o jsonpath',
    command: `get mp -o jsonpath='{range .items[?(@.spec.interval=="45s")]}{.metadata.name}{"\\n"}{end}'`,
    expected: 'shop\n',
  },
  {
    name: 'get -o custom-columns',
    command: 'get mp shop made -o custom-columns=NAME:.metadata.name,EVERY:.spec.interval',
    expected: 'NAME   EVERY\nshop   45s\nmade   40s\n',
  },
  {
    name: 'get --sort-by',
    command: 'get mp made owned shop --sort-by=.spec.interval -o name',
    expected: 'monitorpolicy.foghorn.dev/owned\nmonitorpolicy.foghorn.dev/made\nmonitorpolicy.foghorn.dev/shop\n',
  },
  { name: 'get -l', command: 'get mp -l team=ops -o name', expected: 'monitorpolicy.foghorn.dev/made\n' },
  {
    name: 'get -l with a set',
    command: `get mp -l 'tier in (front,back),!team' -o name`,
    expected: 'monitorpolicy.foghorn.dev/shop\n',
  },
  {
    name: 'get -l that is none',
    command: 'get mp -l a=b=c',
    expected: `Error from server (BadRequest): Unable to find "foghorn.dev/v1alpha1, Resource=monitorpolicies" that match label selector "a=b=c", field selector "": found '=', expected: ',' or 'end of string'\n`,
    exitCode: 1,
  },
  { name: 'get -L', command: 'get mp shop -L tier', expected: /AGE +TIER\nshop +\d+s +front\n$/ },
  {
    name: 'get --field-selector by name',
    command: 'get mp --field-selector metadata.name=shop -o name',
    expected: 'monitorpolicy.foghorn.dev/shop\n',
  },
  {
    name: 'get --field-selector by a field of the kind',
    command: 'get mp --field-selector spec.suspend=true',
    expected: 'No resources found in commands namespace.\n',
  },
  {
    name: 'get --field-selector by a field that cannot be asked for',
    command: 'get mp --field-selector spec.interval=45s',
    expected:
      /^Error from server \(BadRequest\): Unable to find "foghorn\.dev\/v1alpha1, Resource=monitorpolicies" that match label selector "", field selector "spec\.interval=45s": field label not supported: spec\.interval\n$/,
    exitCode: 1,
  },
  {
    name: 'get in pages',
    command: 'get mp --chunk-size=1 -o name',
    expected: /^(monitorpolicy\.foghorn\.dev\/\S+\n){4}$/,
  },
  { name: 'get everywhere', command: 'get mp -A -l team=ops', expected: /^NAMESPACE +NAME[^]*^commands +made /m },
  {
    name: 'get a category',
    command: 'get foghorn -o name',
    expected: /^monitorpolicy\.foghorn\.dev\/shop$/m,
    needs: 'foghorn',
  },
  {
    name: 'get what is not there',
    command: 'get mp nobody',
    expected: 'Error from server (NotFound): monitorpolicies.foghorn.dev "nobody" not found\n',
    exitCode: 1,
    needs: 'core',
  },
  { name: 'get what need not be there', command: 'get mp nobody --ignore-not-found', expected: '' },
  {
    name: 'get -w',
    command: 'get mp shop -w',
    meanwhile: [`patch mp shop --subresource=status --type=merge -p '{"status":{"targets":{"matched":7}}}'`],
    expected: /^shop +\d+s\nshop +7 +\d+s\n$/m,
  },
  {
    name: 'get -w with what happened',
    command: 'get mp shop -w --output-watch-events',
    meanwhile: ['label mp shop seen=yes'],
    expected: /^EVENT +NAME .*\nADDED +shop .*\nMODIFIED +shop .*\n$/,
  },
  {
    name: 'wait for a condition',
    command: 'wait mp/made --for=condition=Ready --timeout=10s',
    expected: 'monitorpolicy.foghorn.dev/made condition met\n',
  },
  {
    name: 'wait for a condition that comes',
    command: 'wait mp/shop --for=condition=Ready --timeout=10s',
    meanwhile: [
      `patch mp shop --subresource=status --type=merge -p '{"status":{"conditions":[{"type":"Ready","status":"True","reason":"Watching","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}'`,
    ],
    expected: 'monitorpolicy.foghorn.dev/shop condition met\n',
  },
  {
    name: 'wait for a value',
    command: 'wait mp/shop --for=jsonpath={.spec.interval}=50s --timeout=10s',
    meanwhile: [`patch mp shop --type=merge -p '{"spec":{"interval":"50s"}}'`],
    expected: 'monitorpolicy.foghorn.dev/shop condition met\n',
  },
  {
    name: 'wait in vain',
    command: 'wait mp/shop --for=jsonpath={.spec.interval}=51s --timeout=1s',
    expected: /timed out waiting for the condition on monitorpolicies\/shop\n$/,
    exitCode: 1,
  },
  {
    name: 'wait until it is there',
    command: 'wait mp/later --for=create --timeout=10s',
    meanwhile: [`create -f - <<'END'\n${policy('later')}END`],
    expected: 'monitorpolicy.foghorn.dev/later condition met\n',
    sinceMinor: 31,
  },
  {
    name: 'describe',
    command: 'describe mp made',
    expected:
      /^Name: +made\nNamespace: +commands\nLabels: +team=ops\nAnnotations: +example\.org\/note: again\nAPI Version: +foghorn\.dev\/v1alpha1\nKind: +MonitorPolicy\n[^]*^ {2}Interval: +40s$/m,
  },
];
