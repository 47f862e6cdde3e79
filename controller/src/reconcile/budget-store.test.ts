import { describe, expect, it } from 'vitest';
import type { KubeObject, ResourceClient } from '../kube/client.ts';
import { createBudgetStore } from './budget-store.ts';

function storeIn(objects: Map<string, KubeObject>) {
  const client: Pick<ResourceClient, 'get' | 'create' | 'update'> = {
    get: async (_resource, _namespace, name) => objects.get(name),
    create: async (_resource, object) => keep(object),
    update: async (_resource, object) => keep(object),
  };
  const keep = (object: KubeObject): KubeObject => {
    objects.set(object.metadata.name, object);
    return object;
  };
  return createBudgetStore({ ...client, list: never, watch: never, updateStatus: never, delete: never }, 'foghorn');
}

function never(): never {
  throw new Error('not used');
}

describe('the counts of mails that went out', () => {
  it('are there again after a restart', async () => {
    const objects = new Map<string, KubeObject>();
    expect(await storeIn(objects).load()).toEqual([]);
    await storeIn(objects).save([{ startMs: 600_000, recipients: 3 }]);
    await storeIn(objects).save([{ startMs: 600_000, recipients: 4 }]);
    expect(await storeIn(objects).load()).toEqual([{ startMs: 600_000, recipients: 4 }]);
  });

  it.each(['{', '7', '[{"startMs":-1,"recipients":2},null,"x"]', '[{"startMs":1,"recipients":1e99}]'])(
    'hold nothing where somebody wrote %s',
    async (text) => {
      const object = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'foghorn-mail-budget' },
        data: { 'sent.json': text },
      };
      expect(await storeIn(new Map([['foghorn-mail-budget', object]])).load()).toEqual([]);
    },
  );
});
