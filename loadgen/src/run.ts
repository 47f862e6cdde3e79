/** One run: sends, measures, tells how it goes, judges, reports. */
import { startAttack } from './attack.ts';
import { createPicker, endpointName } from './endpoint.ts';
import { createMeasure } from './measure.ts';
import type { LoadOptions } from './options.ts';
import type { Output } from './output.ts';
import { createProgress } from './progress.ts';
import { createReport, percentiles, ratesOf, type Progress, type Report, type ThresholdVerdict } from './report.ts';
import { judgeGenerator } from './saturation.ts';
import { createSelfWatch } from './self-watch.ts';
import type { Threshold } from './threshold.ts';

export interface RunContext {
  readonly output: Output;
  readonly progressEveryMs: number;
  /** Ends the run before the end of its plan. */
  readonly signal: AbortSignal;
}

export async function runLoad(options: LoadOptions, { output, progressEveryMs, signal }: RunContext): Promise<Report> {
  const { plan, endpoints } = options;
  const names = endpoints.map(endpointName);
  const measure = createMeasure(endpoints.length);
  const pick = createPicker(endpoints, options.seed ?? Math.floor(Math.random() * 2 ** 32));
  const broken = new AbortController();
  const attack = await startAttack(
    { ...options, pick, onSent: measure.sent },
    (result) => {
      measure.record(result);
      if (options.isVerbose) output.request(names[result.endpoint] ?? '', result);
    },
    AbortSignal.any([signal, broken.signal]),
  );
  const startedAtMs = Date.now();
  const progressAt = createProgress(plan, measure);
  const selfWatch = createSelfWatch();
  let deadly: Threshold | undefined;
  const look = (): void => {
    selfWatch.sample();
    const progress = progressAt({ elapsedMs: attack.elapsedMs(), inFlight: attack.inFlight() });
    output.progress(progress);
    deadly ??= brokenBy(progress, options);
    if (deadly !== undefined) broken.abort();
  };
  const timer = setInterval(look, progressEveryMs);
  const outcome = await attack.done;
  clearInterval(timer);
  const rates = ratesOf(outcome, { plan, measure });
  const startLagP99Seconds = percentiles(measure.lag).p99;
  const localFailures = measure.total.failures.get('local') ?? 0;
  const measured = createReport(
    {
      url: options.url.href,
      startedAtMs,
      ...outcome,
      generators: 1,
      plannedRequests: plan.totalRequests,
      insecure: options.tls?.isVerified === false,
      endpointNames: names,
      ...rates,
      generator: judgeGenerator({ self: selfWatch.end(), startLagP99Seconds, localFailures, ...rates }),
    },
    measure,
  );
  const thresholds = options.thresholds.map((threshold) => verdictOf(threshold, measured, deadly));
  const report = { ...measured, thresholds };
  output.report(report);
  return report;
}

/** A threshold that ends the run and does not hold, past the delay. Before the first answer nothing is judged. */
function brokenBy(progress: Progress, { thresholds, abortDelayMs }: LoadOptions): Threshold | undefined {
  if (progress.requests === 0 || progress.elapsedSeconds * 1_000 < abortDelayMs) return undefined;
  return thresholds.find(({ isDeadly, judge }) => isDeadly && !judge(progress).passed);
}

/** The one that ended the run has failed, also if what was still on its way made it hold again. */
function verdictOf(threshold: Threshold, report: Report, deadly: Threshold | undefined): ThresholdVerdict {
  const verdict = threshold.judge(report);
  return threshold === deadly ? { ...verdict, passed: false, aborted: true } : verdict;
}
