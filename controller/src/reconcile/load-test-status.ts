import { removeCondition, setCondition, type Condition, type WantedCondition } from '../kube/conditions.ts';
import { formatDuration } from '../model/duration.ts';
import type { Ending, RunRecord } from '../model/load-run.ts';
import {
  planDurationMs,
  type LoadPercentiles,
  type LoadResult,
  type LoadTest,
  type ThresholdVerdict,
} from '../model/load-test.ts';
import type { LoadTestStatus } from '../model/resources.generated.ts';
import { activeReasons } from './load-test-record.ts';

/** What one pass of the runner found and did. */
export interface LoadStep {
  readonly record: RunRecord;
  readonly result: LoadResult;
  readonly verdicts: readonly ThresholdVerdict[];
  readonly generators: { readonly desired: number; readonly running: number; readonly failed: number };
  /** Seconds of the plan that are over. */
  readonly elapsedSeconds: number;
}

/** The status holds as many. */
const MAX_ALERTS = 100;
const MAX_OBSERVED_CHARS = 1024;
/** Ends without a result of the load: nothing will change without somebody's help. */
const STALLED: ReadonlySet<Ending['reason']> = new Set<Ending['reason']>([
  'GeneratorFailed',
  'DeadlineExceeded',
  'TargetNotAllowed',
  'LauncherUnavailable',
]);

/** Status of a test after a pass; what a run that is over has found stays as it was written. */
export function loadTestStatus(
  before: LoadTestStatus | undefined,
  {
    test,
    step,
    observedGeneration,
  }: { readonly test: LoadTest; readonly step: LoadStep; readonly observedGeneration: number | undefined },
  now: number,
): LoadTestStatus {
  const { record } = step;
  const isKept = record.phase === 'finished' && before?.completionTime !== undefined;
  const findings = isKept ? before : withWhatWasSaid(before, findingsOf(test, step), record.phase);
  return {
    ...findings,
    observedGeneration,
    lastHandledRerun: record.rerun,
    conditions: mergeConditions(before?.conditions ?? [], { wanted: conditionsOf(record), observedGeneration }, now),
  };
}

/** Of generators that are gone, or out of sight, nothing can be read: what they had said stands in the status. */
function withWhatWasSaid(
  before: LoadTestStatus | undefined,
  findings: LoadTestStatus,
  phase: RunRecord['phase'],
): LoadTestStatus {
  const { startTime, summary } = findings;
  const isSameRun = startTime !== undefined && before?.startTime === startTime;
  if (!isSameRun || summary !== undefined || before.summary === undefined) return findings;
  return {
    ...findings,
    summary: before.summary,
    thresholds: before.thresholds,
    progress: phase === 'running' ? before.progress : before.progress?.replace(/^(?=\d)/, 'ended at '),
  };
}

function findingsOf(test: LoadTest, step: LoadStep): LoadTestStatus {
  const { record, result, generators, verdicts } = step;
  if (record.phase === 'pending') return {};
  const startTime = record.startedAt === undefined ? undefined : new Date(record.startedAt).toISOString();
  const completionTime = record.phase === 'finished' ? new Date(record.completedAt).toISOString() : undefined;
  if (startTime === undefined) return { completionTime, progress: 'not started' };
  return {
    startTime,
    completionTime,
    progress: progressOf(test, step),
    generators:
      result.doubts === undefined
        ? generators
        : { ...generators, reliable: result.doubts.length === 0, doubts: result.doubts },
    summary: result.summary && {
      ...result.summary,
      rate: round(result.summary.rate, 2),
      errorRate: round(result.summary.errorRate, 6),
      latency: result.summary.latency && roundTimes(result.summary.latency),
      serviceTime: result.summary.serviceTime && roundTimes(result.summary.serviceTime),
    },
    endpoints: result.endpoints.map((one) => ({
      ...one,
      latency: one.latency && roundTimes(one.latency),
      serviceTime: one.serviceTime && roundTimes(one.serviceTime),
    })),
    thresholds: verdicts.map(({ name, passed, observed }) => ({
      name,
      passed,
      observed: observed.slice(0, MAX_OBSERVED_CHARS),
    })),
    impact: result.impact,
    alerts: result.alerts.slice(0, MAX_ALERTS).map(({ name, rule, severity }) => ({ name, rule, severity })),
  };
}

function progressOf(test: LoadTest, { record, elapsedSeconds }: LoadStep): string {
  const planMs = planDurationMs(test);
  const elapsedMs = Math.min(elapsedSeconds * 1000, planMs);
  const whole = formatDuration(planMs);
  if (record.phase === 'launching' || record.phase === 'waiting') return `starting, ${whole} planned`;
  if (record.phase === 'running') return `${Math.floor((elapsedMs / planMs) * 100)}% of ${whole}`;
  const isWhole = record.phase === 'finished' && /^Thresholds|^TargetUnreachable/.test(record.ending.reason);
  return isWhole ? `100% of ${whole}` : `ended after ${formatDuration(elapsedMs)} of ${whole}`;
}

/** Conditions of a test that cannot be run as it is declared. */
export function invalidConditions(message: string): readonly WantedCondition[] {
  return [
    { type: 'Ready', status: 'False', reason: 'InvalidSpec', message },
    { type: 'Stalled', status: 'True', reason: 'InvalidSpec', message },
  ];
}

function conditionsOf(record: RunRecord): readonly WantedCondition[] {
  const { status, reason, message } = readiness(record);
  const isOver = record.phase === 'finished';
  const isHeld = record.phase === 'pending' && record.held?.reason === 'Suspended';
  const isStalled = isOver && STALLED.has(record.ending.reason);
  return [
    { type: 'Ready', status, reason, message },
    ...(isOver || isHeld ? [] : [{ type: 'Reconciling', status: 'True' as const, reason, message }]),
    ...(isStalled ? [{ type: 'Stalled', status: 'True' as const, reason, message }] : []),
    { type: 'Complete', status: isOver ? 'True' : 'False', reason, message },
    { type: 'Succeeded', status: succeeded(record), reason, message },
  ];
}

function succeeded(record: RunRecord): WantedCondition['status'] {
  if (record.phase !== 'finished') return 'Unknown';
  return record.ending.reason === 'ThresholdsPassed' ? 'True' : 'False';
}

function readiness(record: RunRecord): Omit<WantedCondition, 'type'> {
  switch (record.phase) {
    case 'pending':
      if (record.held === undefined) return { status: 'Unknown', reason: 'Pending', message: 'about to start' };
      return { status: record.held.reason === 'Suspended' ? 'True' : 'False', ...record.held };
    case 'launching':
      return { status: 'Unknown', reason: activeReasons.launching, message: 'generators are being started' };
    case 'waiting':
      return { status: 'Unknown', reason: activeReasons.waiting, message: 'generators are about to begin' };
    case 'running':
      return { status: 'Unknown', reason: activeReasons.running, message: 'the load is on' };
    case 'stopping':
      return { status: 'False', ...record.ending };
    case 'finished':
      return { status: record.ending.reason === 'ThresholdsPassed' ? 'True' : 'False', ...record.ending };
    default:
      return record satisfies never;
  }
}

/** Conditions that are not wanted any more go; the others keep their time while their status stays. */
export function mergeConditions(
  standing: readonly Condition[],
  {
    wanted,
    observedGeneration,
  }: { readonly wanted: readonly WantedCondition[]; readonly observedGeneration: number | undefined },
  now: number,
): readonly Condition[] {
  const kept = standing.reduce<readonly Condition[]>(
    (rest, { type }) => (wanted.some((condition) => condition.type === type) ? rest : removeCondition(rest, type)),
    standing,
  );
  return wanted.reduce<readonly Condition[]>(
    (merged, condition) => setCondition(merged, { ...condition, observedGeneration }, now),
    kept,
  );
}

function roundTimes({ p50, p90, p95, p99, max }: LoadPercentiles): LoadPercentiles {
  return { p50: round(p50, 6), p90: round(p90, 6), p95: round(p95, 6), p99: round(p99, 6), max: round(max, 6) };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
