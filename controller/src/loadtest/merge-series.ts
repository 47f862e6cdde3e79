import type { LoadPoint } from '../model/load-test.ts';
import type { ReportLine, SeriesStep, StepPercentiles } from './protocol.ts';

/**
 * The course of a run by the reports of its generators, oldest first: counts add up by the second at which a step began;
 * of each percentile the worst of the generators, which for one generator is the exact one.
 */
export function mergeSeries(reports: readonly Pick<ReportLine, 'startedAt' | 'series'>[]): readonly LoadPoint[] {
  const steps = reports.flatMap(({ startedAt, series }) =>
    series.filter(({ seconds }) => seconds > 0).map((step) => ({ step, at: startedAt + step.startSeconds * 1000 })),
  );
  const bySecond = Map.groupBy(steps, ({ at }) => Math.round(at / 1000) * 1000);
  return [...bySecond]
    .toSorted(([a], [b]) => a - b)
    .map(([at, parts]) =>
      pointOf(
        at,
        parts.map(({ step }) => step),
      ),
    );
}

function pointOf(at: number, steps: readonly SeriesStep[]): LoadPoint {
  const measured = steps.filter(({ requests }) => requests > 0).map(({ latency }) => latency);
  return {
    at,
    rate: steps.reduce((sum, { requests, seconds }) => sum + requests / seconds, 0),
    errors: steps.reduce((sum, { errors }) => sum + errors, 0),
    latency: measured.length === 0 ? undefined : worstOf(measured),
  };
}

function worstOf(parts: readonly StepPercentiles[]): StepPercentiles {
  const worst = (percentile: keyof StepPercentiles): number => Math.max(...parts.map((part) => part[percentile]));
  return { p50: worst('p50'), p95: worst('p95'), p99: worst('p99'), max: worst('max') };
}
