import { describe, expect, it } from 'vitest';
import { FoghornError } from '../../errors.ts';
import { createFakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import type { KubeObject } from '../client.ts';
import type { ClaimDeps } from './claim.ts';
import { createSlotHolder, createSlotWatch, RENEW_SLOT_EVERY_MS } from './slots.ts';

const places = { namespace: 'foghorn', names: ['shard-1', 'shard-2'] };
const LEASE_MS = 15_000;

/** Leases with the optimistic lock of an API server. */
function createLeases() {
  const leases = new Map<string, KubeObject>();
  let version = 0;
  let isAway = false;
  const reach = (): void => {
    if (isAway) throw new FoghornError('Unavailable', 'the API server is away');
  };
  const put = (object: KubeObject): KubeObject => {
    version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    leases.set(object.metadata.name, stored);
    return stored;
  };
  const client: ClaimDeps['client'] = {
    async get(_resource, _namespace, name) {
      reach();
      return leases.get(name);
    },
    async create(_resource, object) {
      reach();
      if (leases.has(object.metadata.name)) throw new FoghornError('AlreadyExists', 'it is there');
      return put(object);
    },
    async update(_resource, object) {
      reach();
      const present = leases.get(object.metadata.name);
      if (present?.metadata.resourceVersion !== object.metadata.resourceVersion) {
        throw new FoghornError('Conflict', 'it has changed');
      }
      return put(object);
    },
  };
  return {
    client,
    be: (mood: 'there' | 'away') => {
      isAway = mood === 'away';
    },
  };
}

function createWorld() {
  const clock = createFakeClock();
  const api = createLeases();
  const log = createSilentLog();
  const join = (identity: string, client = api.client) => {
    const holder = createSlotHolder({ client, places, self: { identity, url: `http://${identity}` }, clock, log });
    holder.start();
    return holder;
  };
  const watch = createSlotWatch({ client: api.client, places, clock, log });
  watch.start();
  const members = (): readonly string[] => watch.members().map(({ identity }) => identity);
  return { clock, api, join, watch, members };
}

describe('places of a group', () => {
  it('are taken one each, by no more than there are', async () => {
    const { clock, join, watch, members } = createWorld();
    join('a');
    join('b');
    join('c');
    await clock.advance(2 * RENEW_SLOT_EVERY_MS);
    expect(members()).toHaveLength(2);
    await clock.advance(60_000);
    expect(new Set(members()).size).toBe(2);
    expect(watch.members()[0]?.url).toBe(`http://${members()[0]}`);
  });

  it('are free again at once when they are given up', async () => {
    const { clock, join, members } = createWorld();
    const leaving = join('a');
    await clock.advance(RENEW_SLOT_EVERY_MS);
    expect(members()).toEqual(['a']);
    await leaving.stop();
    await clock.advance(RENEW_SLOT_EVERY_MS);
    expect(members()).toEqual([]);
    join('b');
    await clock.advance(2 * RENEW_SLOT_EVERY_MS);
    expect(members()).toEqual(['b']);
  });

  it('of one that does not renew are nobody’s after the duration of its Lease', async () => {
    const { clock, api, join, members } = createWorld();
    let isCut = false;
    const cut = <Result>(call: () => Promise<Result>): Promise<Result> =>
      isCut ? Promise.reject(new FoghornError('Unavailable', 'cut off')) : call();
    join('a', {
      get: (...args) => cut(() => api.client.get(...args)),
      create: (...args) => cut(() => api.client.create(...args)),
      update: (...args) => cut(() => api.client.update(...args)),
    });
    await clock.advance(RENEW_SLOT_EVERY_MS);
    isCut = true;
    await clock.advance(LEASE_MS - RENEW_SLOT_EVERY_MS);
    expect(members()).toEqual(['a']);
    await clock.advance(2 * RENEW_SLOT_EVERY_MS);
    expect(members()).toEqual([]);
    isCut = false;
    await clock.advance(2 * RENEW_SLOT_EVERY_MS);
    expect(members()).toEqual(['a']);
  });

  it('are unknown in the end while the API server is away', async () => {
    const { clock, api, join, members } = createWorld();
    join('a');
    await clock.advance(RENEW_SLOT_EVERY_MS);
    api.be('away');
    await clock.advance(RENEW_SLOT_EVERY_MS);
    expect(members()).toEqual(['a']);
    await clock.advance(LEASE_MS);
    expect(members()).toEqual([]);
  });
});
