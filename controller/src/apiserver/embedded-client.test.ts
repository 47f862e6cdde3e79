import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import { resourceClientContract } from '../kube/client-contract.ts';
import { silences } from '../kube/client.ts';
import { createInformer } from '../kube/informer.ts';
import { createAdmission } from './admission.ts';
import { createApi } from './api.ts';
import { createEmbeddedClient } from './embedded-client.ts';
import { loadKinds } from './kinds.ts';
import { openStore } from './store.ts';
import { openTestApi, silence } from './test-api.ts';

const fieldManager = 'foghorn-controller';

resourceClientContract('embedded API', async () => {
  const { api, store } = await openTestApi();
  return { client: createEmbeddedClient({ api, fieldManager }), close: async () => store.close() };
});

it('finds objects and versions as they were after a restart', async () => {
  const before = await openTestApi();
  const made = await createEmbeddedClient({ api: before.api, fieldManager }).create(silences, silence('a'));
  before.store.close();
  before.store.close();
  const store = openStore({ file: before.file, clock: before.clock });
  const client = createEmbeddedClient({ api: createApi({ ...before, store }), fieldManager });
  expect(await client.get(silences, 'default', 'a')).toEqual(made);
  expect((await client.list(silences)).resourceVersion).toBe(made.metadata.resourceVersion);
  store.close();
});

it('feeds an informer', async () => {
  const { api, store } = await openTestApi();
  const client = createEmbeddedClient({ api, fieldManager });
  const changed: string[] = [];
  const informer = createInformer({
    client,
    resource: silences,
    clock: createFakeClock(),
    log: createSilentLog(),
    onChange: (key) => {
      changed.push(key);
    },
  });
  informer.start();
  await informer.synced;
  await client.create(silences, silence('a'));
  await client.delete(silences, 'default', 'a');
  await new Promise((resolve) => setImmediate(resolve));
  expect(changed).toEqual(['default/a', 'default/a']);
  await informer.stop();
  store.close();
});

it.each([
  ['is not YAML', 'a: [', 'bad.yaml'],
  ['has no spec', 'kind: CustomResourceDefinition', 'spec is missing'],
  ['has a rule that is not CEL', crdWithRule('self.a ==='), 'self.a ==='],
])('does not start with a CRD that %s, and names it', async (_name, text, message) => {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-crds-'));
  writeFileSync(join(folder, 'bad.yaml'), text);
  const start = async () => createAdmission({ kinds: await loadKinds(folder), validators: {} });
  await expect(start()).rejects.toThrow(message);
});

function crdWithRule(rule: string): string {
  const schema = { type: 'object', 'x-kubernetes-validations': [{ rule, message: 'no' }] };
  const versions = [{ name: 'v1', schema: { openAPIV3Schema: schema } }];
  return JSON.stringify({ spec: { group: 'x.y', scope: 'Namespaced', names: { plural: 'as', kind: 'A' }, versions } });
}
