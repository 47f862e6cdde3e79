import { policy, type Command } from './command.ts';

const shop = (spec: readonly string[] = ['interval: 30s'], labels = '{ team: web }'): string =>
  policy('shop', { labels, spec });

/** Made, applied and compared, by one manager and by several. */
export const writing: readonly Command[] = [
  {
    name: 'create',
    command: 'create -f -',
    stdin: policy('made'),
    expected: 'monitorpolicy.foghorn.dev/made created\n',
  },
  {
    name: 'create what is there',
    command: 'create -f -',
    stdin: policy('made'),
    expected:
      /^Error from server \(AlreadyExists\): error when creating "STDIN": monitorpolicies\.foghorn\.dev "made" already exists\n$/,
    exitCode: 1,
  },
  {
    name: 'create with a name that the server finds',
    command: 'create -f - -o name',
    stdin: policy('x').replace('name: x', 'generateName: gen-'),
    expected: /^monitorpolicy\.foghorn\.dev\/gen-[a-z0-9]{5}\n$/,
  },
  {
    name: 'defaults are filled in',
    command: 'get mp made -o jsonpath={.spec.interval}/{.spec.cooldown}/{.metadata.generation}',
    expected: '30s/5m/1',
  },
  {
    name: 'apply something new',
    command: 'apply -f -',
    stdin: shop(),
    expected: 'monitorpolicy.foghorn.dev/shop created\n',
  },
  {
    name: 'apply the same again',
    command: 'apply -f -',
    stdin: shop(),
    expected: 'monitorpolicy.foghorn.dev/shop unchanged\n',
  },
  { name: 'diff of the same', command: 'diff -f -', stdin: shop(), expected: '' },
  {
    name: 'diff of a change',
    command: 'diff -f -',
    stdin: shop(['interval: 45s']),
    expected: /^- {2}interval: 30s\n\+ {2}interval: 45s$/m,
    exitCode: 1,
  },
  {
    name: 'diff of what is not there',
    command: 'diff -f -',
    stdin: policy('elsewhere'),
    expected: /^\+kind: MonitorPolicy$/m,
    exitCode: 1,
  },
  {
    name: 'apply a change',
    command: 'apply -f -',
    stdin: shop(['interval: 45s', 'cooldown: 10m']),
    expected: 'monitorpolicy.foghorn.dev/shop configured\n',
  },
  { name: 'the change is there', command: 'get mp shop -o jsonpath={.spec.cooldown}', expected: '10m' },
  {
    name: 'apply with a field and a label taken out',
    command: 'apply -f -',
    stdin: shop(['interval: 45s'], '{ tier: front }'),
    expected: 'monitorpolicy.foghorn.dev/shop configured\n',
  },
  {
    name: 'what was taken out is at its default',
    command: 'get mp shop -o jsonpath={.spec.cooldown}{.metadata.labels}',
    expected: '5m{"tier":"front"}',
  },
  {
    name: 'apply on trial, at the server',
    command: 'apply --dry-run=server -f -',
    stdin: shop(['interval: 1m']),
    expected: 'monitorpolicy.foghorn.dev/shop configured (server dry run)\n',
  },
  {
    name: 'apply on trial, at the client',
    command: 'apply --dry-run=client -f -',
    stdin: policy('elsewhere'),
    expected: 'monitorpolicy.foghorn.dev/elsewhere created (dry run)\n',
  },
  { name: 'a trial changes nothing', command: 'get mp shop -o jsonpath={.spec.interval}', expected: '45s' },
  {
    name: 'a field that nobody knows',
    command: 'apply -f -',
    stdin: policy('wrong', { spec: ['colour: red'] }),
    expected: /strict decoding error: unknown field "spec\.colour"\n$/,
    exitCode: 1,
  },
  {
    name: 'a value that is not allowed',
    command: 'apply -f -',
    stdin: policy('wrong', { severity: 'fatal' }),
    expected:
      /^The MonitorPolicy "wrong" is invalid: \n\* spec\.rules\[0\]\.severity: Unsupported value: "fatal": supported values: "info", "warning", "critical"\n\* <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation\n$/,
    exitCode: 1,
  },
  {
    name: 'a value of the wrong type',
    command: 'apply -f -',
    stdin: policy('wrong', { spec: ['suspend: soon'] }),
    expected:
      /^The MonitorPolicy "wrong" is invalid: \n\* spec\.suspend: Invalid value: "string": spec\.suspend in body must be of type boolean: "string"\n\* <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation\n$/,
    exitCode: 1,
  },
  {
    name: 'a name that cannot be',
    command: 'apply -f -',
    stdin: policy('Not_A_Name'),
    expected:
      /^The MonitorPolicy "Not_A_Name" is invalid: metadata\.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 subdomain/,
    exitCode: 1,
  },
  {
    name: 'apply at the server',
    command: 'apply --server-side -f -',
    stdin: policy('owned', { spec: ['interval: 30s', 'cooldown: 10m'] }),
    expected: 'monitorpolicy.foghorn.dev/owned serverside-applied\n',
  },
  {
    name: 'a conflict with another manager',
    command: 'apply --server-side --field-manager=other -f -',
    stdin: policy('owned', { spec: ['interval: 1m'] }),
    expected: /^error: Apply failed with 1 conflict: conflict with "kubectl": \.spec\.interval\n/,
    exitCode: 1,
  },
  {
    name: 'a conflict decided by force',
    command: 'apply --server-side --field-manager=other --force-conflicts -f -',
    stdin: policy('owned', { spec: ['interval: 1m'] }),
    expected: 'monitorpolicy.foghorn.dev/owned serverside-applied\n',
  },
  {
    name: 'both managers are told',
    command: 'get mp owned --show-managed-fields -o jsonpath={.metadata.managedFields[*].manager}',
    expected: 'kubectl other',
  },
  {
    name: 'who lets go of a field removes it',
    command: 'apply --server-side -f - -o jsonpath={.spec.interval}/{.spec.cooldown}',
    stdin: policy('owned'),
    expected: '1m/5m',
  },
];
