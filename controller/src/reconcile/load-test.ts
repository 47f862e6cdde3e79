import type { Clock } from '../clock.ts';
import { loadTests, type KubeObject, type ResourceClient } from '../kube/client.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { ReconcileResult } from '../kube/work-queue.ts';
import type { RunRecord } from '../model/load-run.ts';
import type { LoadTest } from '../model/load-test.ts';
import type { LoadTestSpec } from '../model/resources.generated.ts';
import { loadTestFromObject } from './load-test-from-object.ts';
import { recordFromStatus } from './load-test-record.ts';
import { reconcileSchedule, type ScheduleDeps } from './load-test-schedule.ts';
import { invalidConditions, loadTestStatus, mergeConditions, type LoadStep } from './load-test-status.ts';
import { validateLoadTest } from './load-test-validate.ts';
import { createStatusWriter, namespaceOf, statusOf } from './load-test-writer.ts';

/** What the reconciler needs of whoever runs load tests. */
export interface LoadRunner {
  /** Looks, decides, acts; the record that it gives must be written before the next step. */
  step(test: LoadTest, record: RunRecord, signal: AbortSignal): Promise<LoadStep & NextStep>;
  /** Ends generators whose load test is no more; false when it must be tried again. */
  sweep(isKnown: (uid: string) => boolean, signal: AbortSignal): Promise<boolean>;
  forget(key: string): void;
}

interface NextStep {
  /** `expire` deletes the object, `release` lets a deleted one go. */
  readonly effect: { readonly kind: string; readonly left?: string | undefined };
  readonly requeueMs?: number | undefined;
}

export interface LoadTestReconcilerDeps extends ScheduleDeps {
  readonly client: ResourceClient;
  readonly runner: LoadRunner;
  /** uids of all load tests that there are. */
  readonly knownUids: () => ReadonlySet<string>;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
}

const SWEEP_AGAIN_MS = 60_000;
/** Keeps a deleted object until its generators are gone. */
export const FINALIZER = 'foghorn.dev/cleanup';

/** Level-based: takes the next step of a load test, and writes how it stands into its status. */
export function createLoadTestReconciler(
  deps: LoadTestReconcilerDeps,
): (key: string, signal: AbortSignal) => Promise<ReconcileResult> {
  const { client, runner, clock, recorder } = deps;
  const { write, liveWait, forget } = createStatusWriter(deps);

  async function gone(key: string, signal: AbortSignal): Promise<ReconcileResult> {
    runner.forget(key);
    forget(key);
    const known = deps.knownUids();
    const isDone = await runner.sweep((uid) => known.has(uid), signal);
    return isDone ? {} : { requeueAfterMs: SWEEP_AGAIN_MS };
  }

  async function invalid(object: KubeObject, message: string): Promise<ReconcileResult> {
    const before = statusOf(object);
    const observedGeneration = object.metadata.generation;
    const wanted = invalidConditions(message);
    const conditions = mergeConditions(before?.conditions ?? [], { wanted, observedGeneration }, clock.now());
    await write(object, { ...before, observedGeneration, conditions });
    return {};
  }

  async function advance(object: KubeObject, test: LoadTest, signal: AbortSignal): Promise<ReconcileResult> {
    const before = statusOf(object);
    const step = await runner.step(test, recordFromStatus(before ?? {}, clock.now()), signal);
    if (step.effect.kind === 'release') return release(object, step.effect.left);
    if (step.effect.kind === 'expire') {
      await client.delete(loadTests, namespaceOf(object), object.metadata.name);
      return {};
    }
    const observedGeneration = object.metadata.generation;
    const after = loadTestStatus(before, { test, step, observedGeneration }, clock.now());
    const waitMs = step.record.phase === 'running' ? liveWait(test.key, before, after) : 0;
    if (waitMs > 0) return { requeueAfterMs: waitMs };
    await write(object, after);
    return step.requeueMs === undefined ? {} : { requeueAfterMs: step.requeueMs };
  }

  async function release(object: KubeObject, left: string | undefined): Promise<ReconcileResult> {
    if (left !== undefined) recorder.record(object, 'Warning', 'CleanupIncomplete', left);
    await setFinalizers(
      client,
      object,
      (object.metadata.finalizers ?? []).filter((one) => one !== FINALIZER),
    );
    return {};
  }

  async function deleted(object: KubeObject, signal: AbortSignal): Promise<ReconcileResult> {
    if (object.metadata.finalizers?.includes(FINALIZER) !== true) return {};
    const parsed = loadTestFromObject(object);
    return parsed.kind === 'loadtest' ? advance(object, parsed.test, signal) : release(object, undefined);
  }

  async function present(object: KubeObject, signal: AbortSignal): Promise<ReconcileResult> {
    const parsed = loadTestFromObject(object);
    if (parsed.kind === 'invalid') return invalid(object, `${parsed.field} ${parsed.message}`);
    const { schedule } = object.spec as LoadTestSpec;
    const { finalizers = [] } = object.metadata;
    if (schedule === undefined && finalizers.includes(FINALIZER)) return advance(object, parsed.test, signal);
    // A cluster has checked the schema only.
    const [fault] = validateLoadTest(object);
    if (fault !== undefined) return invalid(object, `${fault.field} ${fault.message}`);
    if (schedule !== undefined) return reconcileSchedule(deps, object, (after) => write(object, after));
    await setFinalizers(client, object, [...finalizers, FINALIZER]);
    return {};
  }

  return async (key, signal) => {
    const [namespace = '', name = ''] = key.split('/');
    // Read fresh: a step that follows its own status must not see an older one.
    const object = await client.get(loadTests, namespace, name);
    if (object === undefined) return gone(key, signal);
    return object.metadata.deletionTimestamp === undefined ? present(object, signal) : deleted(object, signal);
  };
}

async function setFinalizers(client: ResourceClient, object: KubeObject, finalizers: readonly string[]): Promise<void> {
  await client.update(loadTests, { ...object, metadata: { ...object.metadata, finalizers } });
}
