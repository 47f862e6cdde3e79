import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../client.ts';
import { decodeLease, encodeLease, microTime, type LeaseRecord } from './lease.ts';

const place = { namespace: 'foghorn', name: 'foghorn-controller' };
const record: LeaseRecord = {
  holder: 'foghorn-1_a',
  durationMs: 15_000,
  acquireTime: '2026-11-22T09:00:00.000000Z',
  renewTime: '2026-11-22T10:00:00.123000Z',
  transitions: 3,
  url: 'http://10.0.0.1:8001',
};

describe('a Lease', () => {
  it('is read as it was written', () => {
    expect(decodeLease(encodeLease(record, place, undefined))).toEqual(record);
  });

  it('is an object of coordination.k8s.io/v1', () => {
    expect(encodeLease(record, place, undefined)).toEqual({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { ...place, annotations: { 'foghorn.dev/replica-url': 'http://10.0.0.1:8001' } },
      spec: {
        holderIdentity: 'foghorn-1_a',
        leaseDurationSeconds: 15,
        acquireTime: '2026-11-22T09:00:00.000000Z',
        renewTime: '2026-11-22T10:00:00.123000Z',
        leaseTransitions: 3,
      },
    });
  });

  it('keeps what others have put there, and the version that it replaces', () => {
    const before: KubeObject = {
      ...encodeLease(record, place, undefined),
      metadata: {
        ...place,
        resourceVersion: '41',
        labels: { team: 'ops' },
        annotations: { note: 'ours', 'foghorn.dev/replica-url': 'http://10.0.0.9:8001' },
      },
      spec: { strategy: 'OldestEmulationVersion' },
    };
    expect(encodeLease({ ...record, url: undefined }, place, before)).toMatchObject({
      metadata: { resourceVersion: '41', labels: { team: 'ops' }, annotations: { note: 'ours' } },
      spec: { strategy: 'OldestEmulationVersion', holderIdentity: 'foghorn-1_a' },
    });
  });

  it('writes times with the six digits that an API server wants', () => {
    expect(microTime(Date.UTC(2026, 10, 22, 10, 0, 0, 5))).toBe('2026-11-22T10:00:00.005000Z');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty spec', {}],
    [
      'values of other kinds',
      { holderIdentity: 7, leaseDurationSeconds: -1, leaseTransitions: 'many', renewTime: null },
    ],
  ])('with %s is held by nobody, for the usual time', (_name, spec) => {
    const lease: KubeObject = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { ...place, annotations: { 'foghorn.dev/replica-url': 'javascript:alert(1)' } },
      spec,
    };
    expect(decodeLease(lease)).toEqual({
      holder: '',
      durationMs: 15_000,
      acquireTime: '',
      renewTime: '',
      transitions: 0,
      url: undefined,
    });
  });
});
