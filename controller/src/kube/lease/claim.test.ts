import { describe, expect, it } from 'vitest';
import type { SteadyClock } from '../../clock.ts';
import { FoghornError } from '../../errors.ts';
import type { KubeObject } from '../client.ts';
import { createClaim, type Claim } from './claim.ts';
import { LEASE_DURATION_MS } from './decide.ts';

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
  return { claim: createClaim({ client, place, self, clock }), clock };
}

const place = { namespace: 'foghorn', name: 'foghorn-controller' };
const self = { identity: 'one', url: 'http://one:8001' };

function leaseOf(holder: string, version: number): KubeObject {
  const time = '2026-01-01T00:00:00.000000Z';
  const spec = {
    holderIdentity: holder,
    leaseDurationSeconds: LEASE_DURATION_MS / 1000,
    acquireTime: time,
    renewTime: time,
    leaseTransitions: version,
  };
  const metadata = { ...place, resourceVersion: String(version) };
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
}

/** Of a candidate that is always a moment later than another one; each of its attempts begins when the Lease has expired. */
function overtakenClaim(before: KubeObject | undefined): Claim {
  let at = 0;
  let stored = before;
  let looks = 0;
  const clock: SteadyClock = { now: () => at, monotonic: () => at, sleep: async () => undefined };
  const refuse = async (code: 'AlreadyExists' | 'Conflict'): Promise<KubeObject> => {
    stored = leaseOf('other', 2);
    throw new FoghornError(code, 'another one was faster');
  };
  const client = {
    get: async () => {
      looks += 1;
      if (looks === 2 && before !== undefined) at += LEASE_DURATION_MS;
      return stored;
    },
    create: () => refuse('AlreadyExists'),
    update: () => refuse('Conflict'),
  };
  return createClaim({ client, place, self, clock });
}

describe('a claim on a Lease', () => {
  it('is not held when another candidate makes it between the look and the write', async () => {
    const claim = overtakenClaim(undefined);
    expect(await claim.attempt()).toMatchObject({ kind: 'taken', forMs: LEASE_DURATION_MS });
    expect(claim.last()?.record.holder).toBe('other');
  });

  it('is not held when another candidate takes it over, expired, between the look and the write', async () => {
    const claim = overtakenClaim(leaseOf('gone', 1));
    expect(await claim.attempt()).toMatchObject({ kind: 'taken' });
    expect(await claim.attempt()).toMatchObject({ kind: 'taken', forMs: LEASE_DURATION_MS });
    expect(claim.last()?.record.holder).toBe('other');
  });

  it('is held from when the write began, not from its answer: others count from no later than the write', async () => {
    const { claim, clock } = slowClaim();
    expect(await claim.attempt()).toMatchObject({ kind: 'held', from: 1000, before: undefined });
    expect(await claim.attempt()).toMatchObject({ kind: 'held', from: 1000 + ANSWER_MS, before: { holder: 'one' } });
    expect(clock.monotonic()).toBe(1000 + 2 * ANSWER_MS);
  });
});
