import { describe, expect, it } from 'vitest';
import { FoghornError } from '../errors.ts';
import { createSilentLog } from '../log.ts';
import { createServiceFinder } from './job-cluster.ts';

const finder = (get: () => Promise<undefined>) => createServiceFinder({ get }, createSilentLog());

describe('Services of a cluster', () => {
  it('are unknown without the right to read them, which keeps no test from a host that is allowed by name', async () => {
    const find = finder(() => Promise.reject(new FoghornError('Forbidden', 'services "web" is forbidden')));
    expect(await find('shop', 'web')).toBeUndefined();
  });

  it('are asked for again when the cluster cannot answer', async () => {
    const find = finder(() => Promise.reject(new FoghornError('Unavailable', 'down')));
    await expect(find('shop', 'web')).rejects.toMatchObject({ code: 'Unavailable' });
    expect(await finder(async () => undefined)('shop', 'web')).toBeUndefined();
  });
});
