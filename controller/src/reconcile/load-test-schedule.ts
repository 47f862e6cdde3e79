import type { Clock } from '../clock.ts';
import { isFoghornError } from '../errors.ts';
import { loadTests, type KubeObject, type ResourceClient } from '../kube/client.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { ReconcileResult } from '../kube/work-queue.ts';
import type { LoadTestSpec, LoadTestStatus } from '../model/resources.generated.ts';
import { RERUN_ANNOTATION } from './load-test-from-object.ts';
import { scheduleDue } from './load-test-cron.ts';
import {
  planSchedule,
  SCHEDULED_BY_LABEL,
  type ScheduledRun,
  type ScheduleFacts,
  type SchedulePlan,
} from './load-test-schedule-plan.ts';
import { conditionOf } from './load-test-record.ts';
import { mergeConditions } from './load-test-status.ts';

export interface ScheduleDeps {
  readonly client: ResourceClient;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
}

/** Of a run: the time that it is named after. */
const SCHEDULED_AT = 'foghorn.dev/scheduled-at';
const MAX_PARENT_NAME = 200;
/** The longest wait in one go: the clock may be set meanwhile. */
const MAX_REQUEUE_MS = 60_000;
/** So that the time has come when it is looked at. */
const AFTER_DUE_MS = 50;

/** A test with a schedule runs nothing itself: each run is a LoadTest that it owns. */
export async function reconcileSchedule(
  deps: ScheduleDeps,
  object: KubeObject,
  write: (after: LoadTestStatus) => Promise<void>,
): Promise<ReconcileResult> {
  const { client, clock, recorder } = deps;
  const now = clock.now();
  const before: LoadTestStatus = (object.status as LoadTestStatus | undefined) ?? {};
  const plan = planSchedule(await scheduleFacts(deps, object, { before, now }));
  for (const { type, reason, message } of plan.events) recorder.record(object, type, reason, message);
  for (const name of plan.remove) await client.delete(loadTests, namespaceOf(object), name);
  if (plan.startAt !== undefined) await createRun(client, object, plan.startAt);
  await write(scheduleStatus(object, plan, { before, now }));
  return { requeueAfterMs: Math.min(Math.max((plan.nextAt ?? Infinity) - now, 0) + AFTER_DUE_MS, MAX_REQUEUE_MS) };
}

interface Moment {
  readonly before: LoadTestStatus;
  readonly now: number;
}

async function scheduleFacts(deps: ScheduleDeps, object: KubeObject, { before, now }: Moment): Promise<ScheduleFacts> {
  const { metadata } = object;
  const spec = object.spec as LoadTestSpec;
  const { schedule: pattern = '', timeZone } = spec;
  const rerun = metadata.annotations?.[RERUN_ANNOTATION];
  const labelSelector = `${SCHEDULED_BY_LABEL}=${labelValue(metadata.name)}`;
  const { items } = await deps.client.list(loadTests, { namespace: namespaceOf(object), labelSelector });
  const own = items.filter((item) => item.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) === true);
  const since = Date.parse(before.lastScheduleTime ?? metadata.creationTimestamp ?? '') || now;
  return {
    spec,
    runs: own.map(runOf),
    due: scheduleDue({ pattern, timeZone }, since, now),
    rerun: rerun === before.lastHandledRerun ? undefined : rerun,
    now,
  };
}

function scheduleStatus({ metadata }: KubeObject, plan: SchedulePlan, { before, now }: Moment): LoadTestStatus {
  const observedGeneration = metadata.generation;
  const wanted = [{ type: 'Ready', status: 'True', reason: plan.reason, message: plan.words }] as const;
  return {
    observedGeneration,
    lastScheduleTime: plan.handledAt === undefined ? before.lastScheduleTime : new Date(plan.handledAt).toISOString(),
    lastHandledRerun: metadata.annotations?.[RERUN_ANNOTATION],
    conditions: mergeConditions(before.conditions ?? [], { wanted, observedGeneration }, now),
  };
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? 'default';
}

function runOf(object: KubeObject): ScheduledRun {
  const status = object.status as LoadTestStatus | undefined;
  return {
    name: object.metadata.name,
    createdAt: Date.parse(object.metadata.creationTimestamp ?? '') || 0,
    scheduledAt: Date.parse(object.metadata.annotations?.[SCHEDULED_AT] ?? '') || undefined,
    isOver: conditionOf(status, 'Complete')?.status === 'True',
    hasSucceeded: conditionOf(status, 'Succeeded')?.status === 'True',
  };
}

/** Named after its time, so that a second try of the same run finds it there. */
async function createRun(client: ResourceClient, parent: KubeObject, at: number): Promise<void> {
  const { metadata } = parent;
  const { schedule: _schedule, timeZone: _zone, ...rest } = parent.spec as LoadTestSpec;
  const { concurrencyPolicy: _policy, successfulRunsHistoryLimit: _good, failedRunsHistoryLimit: _bad, ...spec } = rest;
  try {
    await client.create(loadTests, {
      apiVersion: parent.apiVersion,
      kind: parent.kind,
      metadata: {
        name: `${metadata.name.slice(0, MAX_PARENT_NAME)}-${Math.floor(at / 1000)}`,
        namespace: namespaceOf(parent),
        labels: { [SCHEDULED_BY_LABEL]: labelValue(metadata.name) },
        annotations: { [SCHEDULED_AT]: new Date(at).toISOString() },
        ownerReferences: [
          {
            apiVersion: parent.apiVersion,
            kind: parent.kind,
            name: metadata.name,
            uid: metadata.uid ?? '',
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: { ...spec, suspend: false },
    });
  } catch (error) {
    if (!isFoghornError(error, 'AlreadyExists')) throw error;
  }
}

/** Names may be longer than label values; the owner's uid decides whose run it is. */
function labelValue(name: string): string {
  return name.slice(0, 63).replace(/[^A-Za-z0-9]+$/, '');
}
