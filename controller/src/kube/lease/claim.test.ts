import { describe, expect, it } from 'vitest';
import type { SteadyClock } from '../../clock.ts';
import type { KubeObject } from '../client.ts';
import { createClaim, type Claim } from './claim.ts';

const ANSWER_MS = 4000;

/** The only candidate, of an API server that takes its time to answer a write. */
function slowClaim(): { readonly claim: Claim; readonly clock: SteadyClock } {
  let at = 1000;
  const clock: SteadyClock = { now: () => at, monotonic: () => at, sleep: async () => undefined };
  let stored: KubeObject | undefined;
  const write = async (_resource: unknown, object: KubeObject): Promise<KubeObject> => {
    at += ANSWER_MS;
    stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(at) } };
    return stored;
  };
  const client = { get: async () => stored, create: write, update: write };
  const place = { namespace: 'foghorn', name: 'foghorn-controller' };
  return { claim: createClaim({ client, place, self: { identity: 'one', url: 'http://one:8001' }, clock }), clock };
}

describe('a claim on a Lease', () => {
  it('is held from when the write began, not from its answer: others count from no later than the write', async () => {
    const { claim, clock } = slowClaim();
    expect(await claim.attempt()).toMatchObject({ kind: 'held', from: 1000, before: undefined });
    expect(await claim.attempt()).toMatchObject({ kind: 'held', from: 1000 + ANSWER_MS, before: { holder: 'one' } });
    expect(clock.monotonic()).toBe(1000 + 2 * ANSWER_MS);
  });
});
