/** The state of a run that is under way, as a line of the protocol. */
import { rateAt } from './pacer.ts';
import type { Measure } from './measure.ts';
import type { Plan } from './plan.ts';
import { countErrors, percentiles, type Progress } from './report.ts';

export interface ProgressMoment {
  readonly elapsedMs: number;
  readonly inFlight: number;
}

/** @returns a function that describes the run at a moment; its `rate` is that since the call before */
export function createProgress(plan: Plan, measure: Measure): (moment: ProgressMoment) => Progress {
  let before = { elapsedMs: 0, requests: 0 };
  return ({ elapsedMs, inFlight }) => {
    const { requests, unsent, late, latency, serviceTime } = measure.total;
    const seconds = (elapsedMs - before.elapsedMs) / 1_000;
    const rate = seconds > 0 ? (requests - before.requests) / seconds : 0;
    before = { elapsedMs, requests };
    const errors = countErrors(measure.total);
    return {
      type: 'progress',
      elapsedSeconds: Math.round(elapsedMs) / 1_000,
      progress: Number.isFinite(plan.durationMs) ? Math.min(elapsedMs / plan.durationMs, 1) : null,
      plannedRate: Math.round(rateAt(plan, elapsedMs) * 100) / 100,
      rate: Math.round(rate * 100) / 100,
      inFlight,
      requests,
      errors,
      errorRate: requests === 0 ? 0 : errors / requests,
      unsent,
      late,
      latencySeconds: percentiles(latency),
      serviceTimeSeconds: percentiles(serviceTime),
      seconds: measure.series.takeSeconds(elapsedMs),
    };
  };
}
