/**
 * What happened in each second of a run, in bounded space: when a run grows longer than the steps that are kept, each two steps
 * become one. Requests count where they were sent, answers where they ended.
 */
import {
  addDistribution,
  addSparse,
  clearDistribution,
  createDistribution,
  recordMs,
  toSparse,
  type Distribution,
} from './distribution.ts';
import type { RequestResult } from './queue.ts';
import { summarizeStep, type SeriesPoint, type Step, type StepCounts, type Steps } from './series-point.ts';

export interface Series {
  sent(atMs: number): void;
  record(result: RequestResult): void;
  /** The seconds that are over by now and have not been taken yet, at most the last ten. */
  takeSeconds(nowMs: number): readonly SeriesPoint[];
  /** All until now; the last step may be unfinished. */
  steps(): Steps;
}

/**
 * A quarter of an hour in seconds; a day in steps of 128 s. Two histograms of a few hundred bytes each make a report of at most 1 MB.
 * Even, so that two steps become one.
 */
export const MAX_STEPS = 900;
/** A reader that polls every two seconds misses none. */
const MAX_PENDING_SECONDS = 10;
const SECOND_MS = 1_000;

interface OpenStep {
  sent: number;
  ok: number;
  failed: number;
  unsent: number;
  late: number;
  readonly latency: Distribution;
  readonly serviceTime: Distribution;
}

export function createSeries(): Series {
  const second = openStep();
  const step = openStep();
  let kept: Steps = { stepSeconds: 1, steps: [] };
  let secondsInStep = 0;
  let secondEndMs = SECOND_MS;
  let inFlight = 0;
  let pending: SeriesPoint[] = [];

  const closeSecond = (): void => {
    inFlight += second.sent - second.ok - second.failed + second.unsent;
    const startSeconds = secondEndMs / SECOND_MS - 1;
    pending = [...pending.slice(1 - MAX_PENDING_SECONDS), summarizeStep(second, { startSeconds, inFlight })];
    moveInto(step, second);
    secondEndMs += SECOND_MS;
    secondsInStep += 1;
    if (secondsInStep < kept.stepSeconds) return;
    kept = { ...kept, steps: [...kept.steps, closed(step)] };
    clear(step);
    secondsInStep = 0;
    if (kept.steps.length === MAX_STEPS) kept = foldTo(kept, kept.stepSeconds * 2);
  };
  const advance = (nowMs: number): void => {
    const isOver = (): boolean => nowMs >= secondEndMs;
    while (isOver()) closeSecond();
  };

  return {
    sent: (atMs) => {
      if (atMs >= secondEndMs) advance(atMs);
      second.sent += 1;
    },
    record: (result) => {
      if (result.endedAtMs >= secondEndMs) advance(result.endedAtMs);
      addResult(second, result);
    },
    takeSeconds: (nowMs) => {
      advance(nowMs);
      const taken = pending;
      pending = [];
      return taken;
    },
    steps: () => {
      const last = openStep();
      addStep(last, closed(step));
      addStep(last, closed(second));
      const isEmpty = secondsInStep === 0 && last.sent + last.ok + last.failed === 0;
      return isEmpty ? kept : { ...kept, steps: [...kept.steps, closed(last)] };
    },
  };
}

/** Joins each `stepSeconds` of a series, a power of two times its own, into one step. */
export function foldTo({ stepSeconds: before, steps }: Steps, stepSeconds: number): Steps {
  const size = stepSeconds / before;
  if (size === 1) return { stepSeconds, steps };
  const folded = Array.from({ length: Math.ceil(steps.length / size) }, (_, index) =>
    sumSteps(steps.slice(index * size, (index + 1) * size)),
  );
  return { stepSeconds, steps: folded };
}

export function sumSteps(steps: readonly Step[]): Step {
  const sum = openStep();
  for (const step of steps) addStep(sum, step);
  return closed(sum);
}

function openStep(): OpenStep {
  const [latency, serviceTime] = [createDistribution('coarse'), createDistribution('coarse')];
  return { sent: 0, ok: 0, failed: 0, unsent: 0, late: 0, latency, serviceTime };
}

function addResult(step: OpenStep, { failure, isLate, dueAtMs, sentAtMs, endedAtMs }: RequestResult): void {
  if (failure === undefined) step.ok += 1;
  else step.failed += 1;
  if (isLate) step.late += 1;
  recordMs(step.latency, endedAtMs - dueAtMs);
  if (sentAtMs === undefined) step.unsent += 1;
  else recordMs(step.serviceTime, endedAtMs - sentAtMs);
}

function addCounts(into: OpenStep, { sent, ok, failed, unsent, late }: StepCounts): void {
  into.sent += sent;
  into.ok += ok;
  into.failed += failed;
  into.unsent += unsent;
  into.late += late;
}

function addStep(into: OpenStep, step: Step): void {
  addCounts(into, step);
  addSparse(into.latency, step.latency);
  addSparse(into.serviceTime, step.serviceTime);
}

function moveInto(into: OpenStep, from: OpenStep): void {
  addCounts(into, from);
  addDistribution(into.latency, from.latency);
  addDistribution(into.serviceTime, from.serviceTime);
  clear(from);
}

function clear(step: OpenStep): void {
  Object.assign(step, { sent: 0, ok: 0, failed: 0, unsent: 0, late: 0 });
  clearDistribution(step.latency);
  clearDistribution(step.serviceTime);
}

function closed({ sent, ok, failed, unsent, late, latency, serviceTime }: OpenStep): Step {
  return { sent, ok, failed, unsent, late, latency: toSparse(latency), serviceTime: toSparse(serviceTime) };
}
