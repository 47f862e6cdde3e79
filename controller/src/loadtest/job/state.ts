import type { GeneratorState } from '../launcher.ts';
import type { ContainerFacts, JobFacts, PodFacts } from './decode.ts';

/** A node that has not been heard of for so long has lost its generator: what it does measure nobody can read. */
export const NODE_LOST_MS = 60_000;
/** Past the time at which a pod should have been gone: only a node that does not answer keeps it. */
export const DELETION_LATE_MS = 30_000;

type Job = Pick<JobFacts, 'end' | 'endedIndexes'>;

/** How the generator of an index stands, by the Job and its pod; the Job alone speaks when there is no pod. */
export function stateOf(job: Job, index: number, pod: PodFacts | undefined, now: number): GeneratorState {
  if (pod === undefined) return stateWithoutPod(job, index);
  if (pod.container?.kind === 'terminated') return stateOfExit(pod, pod.container);
  if (pod.phase === 'Failed' || pod.phase === 'Succeeded') return { kind: 'ended', reason: wordsOf(pod) };
  const lost = whyLost(pod, now);
  if (lost !== undefined) return { kind: 'ended', reason: lost };
  if (pod.container?.kind === 'running') return { kind: 'running' };
  // A Job that has failed takes its pod with it.
  if (job.end !== undefined) return { kind: 'ended', reason: wordsOf(job.end) };
  return { kind: 'starting', waitsFor: waitOf(pod) };
}

function stateWithoutPod({ end, endedIndexes }: Job, index: number): GeneratorState {
  if (endedIndexes.has(index)) return { kind: 'ended', reason: 'its pod is gone: somebody deleted it' };
  if (end !== undefined) return { kind: 'ended', reason: wordsOf(end) };
  return { kind: 'starting', waitsFor: 'the cluster has made no pod for it yet' };
}

function stateOfExit(
  pod: PodFacts,
  { exitCode: code, reason }: Extract<ContainerFacts, { kind: 'terminated' }>,
): GeneratorState {
  // What befell the pod says more than how its container ended of it.
  if (pod.reason !== '' && pod.reason !== 'DeadlineExceeded') return { kind: 'ended', code, reason: wordsOf(pod) };
  if (reason === 'OOMKilled') return { kind: 'ended', code, reason: 'out of memory' };
  return { kind: 'ended', code, reason: code === undefined ? wordsOf({ reason, message: '' }) : `exit code ${code}` };
}

function whyLost({ node, phase, container, notReadySince, deletedAt }: PodFacts, now: number): string | undefined {
  const where = node === '' ? 'its node' : `its node ${node}`;
  if (deletedAt !== undefined && now - deletedAt > DELETION_LATE_MS) return `${where} does not answer`;
  if (phase === 'Unknown') return `${where} does not answer`;
  const isOut = container?.kind === 'running' && notReadySince !== undefined && now - notReadySince > NODE_LOST_MS;
  return isOut ? `${where} has not answered for ${Math.round(NODE_LOST_MS / 1000)} s` : undefined;
}

function waitOf({ unschedulable, container, node }: PodFacts): string {
  if (unschedulable !== undefined) return `no node takes it: ${unschedulable}`;
  if (container?.kind === 'waiting') return wordsOf(container);
  return node === '' ? 'it has no node yet' : `node ${node} has not started it yet`;
}

function wordsOf({ reason, message }: { readonly reason: string; readonly message: string }): string {
  if (reason === '' || message === '') return reason || message || 'the cluster gives no reason';
  return `${reason}: ${message}`;
}
