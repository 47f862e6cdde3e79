import { type Command } from './command.ts';

const NAMESPACE_MADE = 'namespace/commands created\n';

/** What there is, and what its fields mean. */
export const discovering: readonly Command[] = [
  { name: 'the server is ready', command: 'get --raw /readyz', expected: 'ok' },
  {
    name: 'both versions are told',
    command: 'version',
    expected: /^Client Version: v1\.\d+[^]*^Server Version: v1\.\d+/m,
  },
  {
    name: 'our kinds are listed',
    command: 'api-resources --api-group=foghorn.dev --no-headers',
    expected:
      /^alerts +al +foghorn\.dev\/v1alpha1 +true +Alert\nloadtests +lt .*LoadTest\nmonitorpolicies +mp .*MonitorPolicy\nsilences +sil .*Silence\n$/,
  },
  {
    name: 'kinds are listed with their verbs',
    command: 'api-resources --api-group=foghorn.dev -o wide',
    expected: /MonitorPolicy +delete,deletecollection,get,list,patch,create,update,watch/,
  },
  {
    name: 'kinds of a cluster are listed',
    command: 'api-resources --namespaced=false -o name',
    expected: /^customresourcedefinitions\.apiextensions\.k8s\.io$/m,
  },
  { name: 'versions are listed', command: 'api-versions', expected: /^foghorn\.dev\/v1alpha1$/m },
  {
    name: 'the definitions can be read',
    command: 'get crd monitorpolicies.foghorn.dev -o jsonpath={.spec.names.shortNames}',
    expected: '["mp"]',
  },
  {
    name: 'a definition is established',
    command: 'wait crd/alerts.foghorn.dev --for=condition=Established --timeout=10s',
    expected: 'customresourcedefinition.apiextensions.k8s.io/alerts.foghorn.dev condition met\n',
  },
  {
    name: 'a kind is explained',
    command: 'explain mp',
    expected:
      /^GROUP: +foghorn\.dev\nKIND: +MonitorPolicy\nVERSION: +v1alpha1\n[^]*A MonitorPolicy says which containers/,
  },
  {
    name: 'a kind is explained with all its fields',
    command: 'explain mp --recursive',
    expected:
      /^ {2}spec\t<Object> -required-\n[^]*^ {4}notify\t<Object>\n {6}email\t<Object>\n {8}from\t<string>\n[^]*^ {2}status\t/m,
  },
  {
    name: 'a field is explained',
    command: 'explain alerts.status.state',
    expected: /^FIELD: state <string>\n[^]*Pending, Firing or Resolved\./m,
  },
  {
    name: 'values that a field may have are told',
    command: 'explain mp.spec.rules.severity',
    expected: /^FIELD: severity <string>( -required-)?\nENUM:\n {4}info\n {4}warning\n {4}critical\n/m,
    sinceMinor: 30,
  },
  {
    name: 'a kind of a cluster is explained',
    command: 'explain configmaps',
    expected: /^DESCRIPTION:\n {4}\S/m,
    needs: 'core',
  },
  {
    name: 'a field that is not there',
    command: 'explain mp.spec.colour',
    expected: /error: field "colour" does not exist\n$/,
    exitCode: 1,
  },
  {
    name: 'a kind that is not there',
    command: 'get gadgets',
    expected: 'error: the server doesn\'t have a resource type "gadgets"\n',
    exitCode: 1,
  },
  {
    name: 'a kind that is misspelt',
    command: 'apply -f -',
    stdin: 'apiVersion: foghorn.dev/v1alpha1\nkind: MonitorPolicyy\nmetadata: { name: web }\n',
    expected:
      /^error: resource mapping not found for name: "web" .* no matches for kind "MonitorPolicyy" in version "foghorn.dev\/v1alpha1"\n/,
    exitCode: 1,
  },
  { name: 'a namespace is made', command: 'create namespace commands', expected: NAMESPACE_MADE, needs: 'core' },
  {
    name: 'a namespace is not made twice',
    command: 'create namespace commands',
    expected: 'Error from server (AlreadyExists): namespaces "commands" already exists\n',
    exitCode: 1,
    needs: 'core',
  },
  { name: 'namespaces are listed', command: 'get ns', expected: /^commands +Active +\d+s$/m, needs: 'core' },
  { name: 'nothing is there yet', command: 'get mp', expected: 'No resources found in commands namespace.\n' },
];
