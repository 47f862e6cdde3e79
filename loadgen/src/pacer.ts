/**
 * The schedule of an open model: when the k-th request is due follows from the plan alone, never from the answers.
 * The k-th request (from 0) is due when the integral of the rate reaches k + 1/2, so that requests stand in the middle
 * of their intervals and a run has its rounded integral of requests, exactly. Of several generators each has every n-th of
 * these requests, by a phase that is another than 1/2.
 */
import type { Plan, Stage } from './plan.ts';

/** How many requests are due `elapsedMs` after the start; never falls as time goes on, never passes the plan's total. */
export function pace(plan: Plan, elapsedMs: number): number {
  if (elapsedMs <= 0) return 0;
  if (elapsedMs >= plan.durationMs) return plan.totalRequests;
  const stage = stageAt(plan, elapsedMs);
  if (stage === undefined) return 0;
  const count = stage.startCount + countWithin(stage, elapsedMs - stage.startMs);
  // The bounds keep rounding errors at the seam of two stages from taking a request back.
  return Math.floor(Math.min(Math.max(count, stage.startCount), stage.endCount) + 1 - plan.phase);
}

/** When the request `index` (from 0) is due, in ms after the start; Infinity beyond the plan's last request. */
export function dueAt(plan: Plan, index: number): number {
  if (index >= plan.totalRequests) return Infinity;
  const count = index + plan.phase;
  const stage = plan.stages.find((candidate) => count <= candidate.endCount);
  if (stage === undefined) return plan.durationMs;
  const wanted = Math.max(count - stage.startCount, 0);
  return Math.min(stage.startMs + timeOfCount(stage, wanted), stage.startMs + stage.durationMs);
}

/** Planned requests a second at a time of the run; 0 before and after it. */
export function rateAt(plan: Plan, elapsedMs: number): number {
  if (elapsedMs < 0 || elapsedMs >= plan.durationMs) return 0;
  const stage = stageAt(plan, elapsedMs);
  if (stage === undefined) return 0;
  const done = (elapsedMs - stage.startMs) / stage.durationMs;
  return stage.startRate + (stage.endRate - stage.startRate) * done;
}

function stageAt(plan: Plan, elapsedMs: number): Stage | undefined {
  return plan.stages.findLast((stage) => stage.startMs <= elapsedMs);
}

/** Integral of a linear rate: r0 t + (r1 - r0) t^2 / 2d, with t and d in seconds. */
function countWithin(stage: Stage, elapsedMs: number): number {
  const seconds = elapsedMs / 1_000;
  return stage.startRate * seconds + halfSlope(stage) * seconds * seconds;
}

/** Inverse of countWithin in the form of the quadratic formula that stays exact for a flat stage. */
function timeOfCount(stage: Stage, count: number): number {
  if (count === 0) return 0;
  const root = Math.sqrt(Math.max(stage.startRate ** 2 + 4 * halfSlope(stage) * count, 0));
  return (1_000 * 2 * count) / (stage.startRate + root);
}

/** Half the change of the rate, a second; 0 for a stage without an end. */
function halfSlope(stage: Stage): number {
  return (stage.endRate - stage.startRate) / 2 / (stage.durationMs / 1_000);
}
