import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import { silences } from '../kube/client.ts';
import { createInformer } from '../kube/informer.ts';
import { openEmbeddedApi } from './embedded-api.ts';
import { silence } from './test-api.ts';

const crdDir = join(import.meta.dirname, '../../../crds');

function options(change: { readonly crdDir?: string } = {}) {
  return {
    file: join(mkdtempSync(join(tmpdir(), 'foghorn-api-')), 'data', 'objects.db'),
    crdDir,
    validators: {},
    fieldManager: 'foghorn-controller',
    clock: createFakeClock(),
    log: createSilentLog(),
    ...change,
  };
}

describe('embedded API', () => {
  it('keeps objects and versions over a restart, and stops twice without harm', async () => {
    const settings = options();
    const first = await openEmbeddedApi(settings);
    const made = await first.client.create(silences, silence('a'));
    await first.stop();
    await first.stop();
    const second = await openEmbeddedApi(settings);
    expect(await second.client.get(silences, 'default', 'a')).toEqual(made);
    expect((await second.client.list(silences)).resourceVersion).toBe(made.metadata.resourceVersion);
    await second.stop();
  });

  it('feeds an informer', async () => {
    const opened = await openEmbeddedApi(options());
    const changed: string[] = [];
    const informer = createInformer({
      client: opened.client,
      resource: silences,
      clock: createFakeClock(),
      log: createSilentLog(),
      onChange: (key) => {
        changed.push(key);
      },
    });
    informer.start();
    await informer.synced;
    await opened.client.create(silences, silence('a'));
    await opened.client.delete(silences, 'default', 'a');
    await new Promise((resolve) => setImmediate(resolve));
    expect(changed).toEqual(['default/a', 'default/a']);
    await informer.stop();
    await opened.stop();
  });

  it.each([
    ['is not YAML', 'a: [', 'bad.yaml'],
    ['has no spec', 'kind: CustomResourceDefinition', 'spec is missing'],
    ['has a rule that is not CEL', crdWithRule('self.a ==='), 'self.a ==='],
  ])('does not start with a CRD that %s, and names it', async (_name, text, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'foghorn-crds-'));
    writeFileSync(join(folder, 'bad.yaml'), text);
    await expect(openEmbeddedApi(options({ crdDir: folder }))).rejects.toThrow(message);
  });
});

function crdWithRule(rule: string): string {
  const schema = { type: 'object', 'x-kubernetes-validations': [{ rule, message: 'no' }] };
  const versions = [{ name: 'v1', schema: { openAPIV3Schema: schema } }];
  return JSON.stringify({ spec: { group: 'x.y', scope: 'Namespaced', names: { plural: 'as', kind: 'A' }, versions } });
}
