import { type Command } from './command.ts';

const EVENT = `apiVersion: v1
kind: Event
metadata:
  name: shop.1
involvedObject: { apiVersion: foghorn.dev/v1alpha1, kind: MonitorPolicy, name: shop, namespace: commands, uid: UID }
type: Warning
reason: TargetDown
message: shop-web is down
source: { component: foghorn-controller }
firstTimestamp: 2026-01-01T00:00:00Z
lastTimestamp: 2026-01-01T00:00:00Z
count: 1
`;

const lines: readonly Omit<Command, 'needs'>[] = [
  {
    name: 'create a ConfigMap',
    command: 'create configmap notes --from-literal=who=ops --from-literal=when=night',
    expected: 'configmap/notes created\n',
  },
  { name: 'list ConfigMaps', command: 'get cm notes', expected: /^NAME +DATA +AGE\nnotes +2 +\d+s\n$/ },
  {
    name: 'describe a ConfigMap',
    command: 'describe cm notes',
    expected: /^Data\n====\n[^]*^who:\n----\nops\n/m,
  },
  {
    name: 'create a Secret',
    command: 'create secret generic smtp --from-literal=password=opensesame',
    expected: 'secret/smtp created\n',
  },
  { name: 'list Secrets', command: 'get secret smtp', expected: /^NAME +TYPE +DATA +AGE\nsmtp +Opaque +1 +\d+s\n$/ },
  {
    name: 'describe a Secret, without what is in it',
    command: 'describe secret smtp',
    expected: /^Type: +Opaque\n\nData\n====\npassword: +10 bytes\n$/m,
  },
  {
    name: 'read a Secret',
    command: `get secret smtp -o go-template='{{.data.password | base64decode}}'`,
    expected: 'opensesame',
  },
  {
    name: 'patch a ConfigMap strategically',
    command: `patch cm notes -p '{"data":{"when":null}}'`,
    expected: 'configmap/notes patched\n',
  },
  { name: 'what is left', command: 'get cm notes -o jsonpath={.data}', expected: '{"who":"ops"}' },
  {
    name: 'create an event',
    command: `create -f <(sed "s/UID/$("$KUBECTL" get mp shop -o jsonpath={.metadata.uid})/")`,
    stdin: EVENT,
    expected: 'event/shop.1 created\n',
  },
  {
    name: 'describe with its events',
    command: 'describe mp shop',
    expected:
      /^Events:\n +Type +Reason +Age +From +Message\n[ -]+\n +Warning +TargetDown +\S+ +foghorn-controller +shop-web is down\n$/m,
  },
  {
    name: 'events of an object',
    command: 'events --for mp/shop --types=Warning',
    expected:
      /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\S+ +Warning +TargetDown +MonitorPolicy\/shop +shop-web is down\n$/,
  },
  {
    name: 'events as objects',
    command: 'get events --field-selector involvedObject.name=shop',
    expected:
      /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\S+ +Warning +TargetDown +monitorpolicy\/shop +shop-web is down\n$/,
  },
  {
    name: 'delete several',
    command: 'delete cm/notes secret/smtp',
    expected: /^configmap "notes" deleted.*\nsecret "smtp" deleted.*\n$/,
  },
];

/** ConfigMaps, Secrets and events. */
export const clusterKinds: readonly Command[] = lines.map((line) => ({ ...line, needs: 'core' }));

const VIEW = '--context foghorn-view -n commands';
const rights: readonly Omit<Command, 'needs'>[] = [
  {
    name: 'who am I',
    command: 'auth whoami',
    expected: /^Username +admin\n[^]*^Groups +\[system:masters system:authenticated\]\n$/m,
  },
  { name: 'who am I, as JSON', command: 'auth whoami -o jsonpath={.status.userInfo.username}', expected: 'admin' },
  { name: 'an admin may', command: 'auth can-i delete mp', expected: 'yes\n' },
  { name: 'a reader may read', command: `auth can-i list mp ${VIEW}`, expected: 'yes\n' },
  { name: 'a reader may not write', command: `auth can-i create mp ${VIEW}`, expected: 'no\n', exitCode: 1 },
  {
    name: 'all that a reader may',
    command: `auth can-i --list ${VIEW}`,
    expected: /^\*\.foghorn\.dev +\[\] +\[\] +\[get list watch\]$/m,
  },
  { name: 'a reader reads', command: `get mp shop -o name ${VIEW}`, expected: 'monitorpolicy.foghorn.dev/shop\n' },
  {
    name: 'a reader writes',
    command: `label mp shop a=b ${VIEW}`,
    expected:
      'Error from server (Forbidden): monitorpolicies.foghorn.dev "shop" is forbidden: User "view" cannot patch resource "monitorpolicies" in API group "foghorn.dev" in the namespace "commands"\n',
    exitCode: 1,
  },
  {
    name: 'a reader deletes',
    command: `delete mp shop ${VIEW}`,
    expected:
      'Error from server (Forbidden): monitorpolicies.foghorn.dev "shop" is forbidden: User "view" cannot delete resource "monitorpolicies" in API group "foghorn.dev" in the namespace "commands"\n',
    exitCode: 1,
  },
  {
    name: 'a reader looks for Secrets',
    command: `get secrets ${VIEW}`,
    expected:
      'Error from server (Forbidden): secrets is forbidden: User "view" cannot list resource "secrets" in API group "" in the namespace "commands"\n',
    exitCode: 1,
  },
  {
    name: 'an editor writes, but no status',
    command: `patch mp shop --subresource=status --type=merge -p '{"status":{}}' --context foghorn-edit -n commands`,
    expected:
      'Error from server (Forbidden): monitorpolicies.foghorn.dev "shop" is forbidden: User "edit" cannot patch resource "monitorpolicies/status" in API group "foghorn.dev" in the namespace "commands"\n',
    exitCode: 1,
  },
  {
    name: 'a wrong token',
    command: 'get mp --token=wrong-token',
    expected: 'error: You must be logged in to the server (Unauthorized)\n',
    exitCode: 1,
  },
  {
    name: 'a password instead of a token',
    command: 'get mp --user=nobody --username=admin --password=admin',
    expected: /Unauthorized|does not exist/,
    exitCode: 1,
  },
];

/** Who may do what; the contexts are those of our own kubeconfig. */
export const access: readonly Command[] = rights.map((line) => ({ ...line, needs: 'foghorn' }));
