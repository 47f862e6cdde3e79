import { describe, expect, it } from 'vitest';
import { decodeJob, decodePod } from './decode.ts';
import { DELETION_LATE_MS, NODE_LOST_MS, stateOf } from './state.ts';

const NOW = Date.parse('2026-11-22T17:00:00Z');
const at = (beforeMs: number): string => new Date(NOW - beforeMs).toISOString();
const annotations = { 'batch.kubernetes.io/job-completion-index': '2' };
const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'g', uid: 'u', controller: true }];

/** The parts of a pod that count, as kube-apiserver 1.36 and its kubelet wrote them. */
function pod(status: object, metadata: object = {}) {
  const decoded = decodePod({
    metadata: { name: 'g-2-x1', annotations, creationTimestamp: at(90_000), ownerReferences, ...metadata },
    spec: { nodeName: 'node-1' },
    status,
  });
  if (decoded === undefined) throw new Error('no pod of a Job');
  return decoded;
}

function job(status: object = {}) {
  const labels = { 'foghorn.dev/loadtest-uid': 'o', 'foghorn.dev/loadtest-run': '5' };
  const decoded = decodeJob({ metadata: { name: 'g', namespace: 'shop', labels }, spec: { completions: 8 }, status });
  if (decoded === undefined) throw new Error('no Job of generators');
  return decoded;
}

const container = (state: object): object => ({ containerStatuses: [{ name: 'generator', state }] });
const ready = (status: string, beforeMs: number): object => ({
  conditions: [{ type: 'Ready', status, lastTransitionTime: at(beforeMs) }],
});
const running = container({ running: { startedAt: at(80_000) } });
const deadline = {
  type: 'FailureTarget',
  status: 'True',
  reason: 'DeadlineExceeded',
  message: 'Job was active longer than specified deadline',
};
const pastDeadline = { conditions: [deadline] };
const unschedulable = '0/1 nodes are available: 1 Insufficient cpu.';
const pull = 'Back-off pulling image "registry.example.com/shop/absent:9.9": ErrImagePull: connection refused';

describe('a generator with a pod', () => {
  it.each([
    ['runs', { phase: 'Running', ...running, ...ready('True', 80_000) }, { kind: 'running' }],
    [
      'has no node',
      {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: unschedulable }],
      },
      { kind: 'starting', waitsFor: `no node takes it: ${unschedulable}` },
    ],
    [
      'has no image',
      { phase: 'Pending', ...container({ waiting: { reason: 'ImagePullBackOff', message: pull } }) },
      { kind: 'starting', waitsFor: `ImagePullBackOff: ${pull}` },
    ],
    [
      'has no secret',
      {
        phase: 'Pending',
        ...container({
          waiting: { reason: 'CreateContainerConfigError', message: 'secret "foghorn-loadtest" not found' },
        }),
      },
      { kind: 'starting', waitsFor: 'CreateContainerConfigError: secret "foghorn-loadtest" not found' },
    ],
    ['is not started yet', { phase: 'Pending' }, { kind: 'starting', waitsFor: 'node node-1 has not started it yet' }],
    [
      'is through',
      { phase: 'Succeeded', ...container({ terminated: { exitCode: 0, reason: 'Completed' } }) },
      { kind: 'ended', code: 0, reason: 'exit code 0' },
    ],
    [
      'failed',
      { phase: 'Failed', ...container({ terminated: { exitCode: 2, reason: 'Error' } }) },
      { kind: 'ended', code: 2, reason: 'exit code 2' },
    ],
    [
      'was asked to end',
      {
        phase: 'Failed',
        reason: 'DeadlineExceeded',
        message: 'Pod was active on the node longer than the specified deadline',
        ...container({ terminated: { exitCode: 143, reason: 'Error' } }),
      },
      { kind: 'ended', code: 143, reason: 'exit code 143' },
    ],
    [
      'used too much memory',
      { phase: 'Failed', ...container({ terminated: { exitCode: 137, reason: 'OOMKilled' } }) },
      { kind: 'ended', code: 137, reason: 'out of memory' },
    ],
    [
      'was evicted',
      {
        phase: 'Failed',
        reason: 'Evicted',
        message: 'The node was low on resource: memory.',
        ...container({ terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } }),
      },
      { kind: 'ended', code: 137, reason: 'Evicted: The node was low on resource: memory.' },
    ],
    [
      'was evicted before it ran',
      { phase: 'Failed', reason: 'Evicted', message: 'Pod was rejected' },
      { kind: 'ended', reason: 'Evicted: Pod was rejected' },
    ],
    ['is out of sight, not for long', { phase: 'Running', ...running, ...ready('False', 5000) }, { kind: 'running' }],
    [
      'is on a node that has been away for too long',
      { phase: 'Running', ...running, ...ready('False', NODE_LOST_MS + 1) },
      { kind: 'ended', reason: 'its node node-1 has not answered for 60 s' },
    ],
    [
      'is on a node that is no more',
      { phase: 'Unknown', reason: 'NodeLost', ...running },
      { kind: 'ended', reason: 'its node node-1 does not answer' },
    ],
  ])('that %s', (_name, status, state) => {
    expect(stateOf(job(), 2, pod(status), NOW)).toEqual(state);
  });

  it('that is being deleted runs on until its time is over, and then is lost with its node', () => {
    const status = { phase: 'Running', ...running };
    const leaving = (lateMs: number) => pod(status, { deletionTimestamp: at(lateMs) });
    expect(stateOf(job(pastDeadline), 2, leaving(1000), NOW)).toEqual({ kind: 'running' });
    const lost = stateOf(job(pastDeadline), 2, leaving(DELETION_LATE_MS + 1), NOW);
    expect(lost).toEqual({ kind: 'ended', reason: 'its node node-1 does not answer' });
  });

  it('that never started, and whose Job was ended', () => {
    const state = stateOf(job(pastDeadline), 2, pod({ phase: 'Pending' }), NOW);
    expect(state).toEqual({ kind: 'ended', reason: `DeadlineExceeded: ${deadline.message}` });
  });
});

const GONE = 'its pod is gone: somebody deleted it';

describe('a generator without a pod', () => {
  it.each([
    ['as it was just made', {}, { kind: 'starting', waitsFor: 'the cluster has made no pod for it yet' }],
    ['whose pod was deleted', { failedIndexes: '0,2' }, { kind: 'ended', reason: GONE }],
    ['whose pod was deleted, as others were', { failedIndexes: '0-5,7' }, { kind: 'ended', reason: GONE }],
    ['whose pod was deleted when it was through', { completedIndexes: '1-2' }, { kind: 'ended', reason: GONE }],
    [
      'while others have ended',
      { failedIndexes: '0', completedIndexes: '3-7' },
      { kind: 'starting', waitsFor: 'the cluster has made no pod for it yet' },
    ],
    ['that was ended by force', pastDeadline, { kind: 'ended', reason: `DeadlineExceeded: ${deadline.message}` }],
  ])('%s', (_name, status, state) => {
    expect(stateOf(job(status), 2, undefined, NOW)).toEqual(state);
  });

  it.each(['x', '5-2', '-1', '0-99999999', ',', '1-', 7, null])(
    'that a Job tells of by %j is none',
    (failedIndexes) => {
      expect([...job({ failedIndexes }).endedIndexes].every((index) => index === 1 || index === 0)).toBe(true);
    },
  );
});

describe('what a cluster says', () => {
  it.each([undefined, null, 5, [], {}, { metadata: {} }, { metadata: { name: 'x', namespace: 'y', labels: [] } }])(
    'is no generator: %j',
    (value) => {
      expect(decodeJob(value)).toBeUndefined();
      expect(decodePod(value)).toBeUndefined();
    },
  );

  it('steers no terminal and floods no status', () => {
    const message = `\u001B[31mred\u0007\u202E ${'x'.repeat(5000)}`;
    const state = stateOf(job(), 2, pod({ phase: 'Failed', reason: 'Evicted', message }), NOW);
    expect(JSON.stringify(state)).not.toMatch(/\\u00|\u202E/);
    expect(JSON.stringify(state).length).toBeLessThan(400);
  });
});
