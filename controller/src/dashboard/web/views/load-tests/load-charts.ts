import type { LoadImpactView, LoadSecond, LoadTestAnswer } from '../../../answers/load-tests.ts';
import type { ChartLine, ChartSpec } from '../../charts/chart-spec.ts';
import type { Bounds } from '../../charts/time-range.ts';

/** Before and after the run, so that the target's rest is seen too. */
const MARGIN_MS = 5000;

/** The time that the charts of a run share: all of it, or what has passed. */
export function boundsOfRun({ loadTest, series }: LoadTestAnswer, nowMs: number): Bounds {
  const startMs = loadTest.startedAt ?? series?.[0]?.at ?? nowMs;
  const plannedEndMs = startMs + loadTest.durationSeconds * 1000;
  const endMs = loadTest.completedAt ?? Math.max(plannedEndMs, series?.at(-1)?.at ?? 0);
  return { fromMs: startMs - MARGIN_MS, toMs: Math.max(endMs, startMs + 1000) + MARGIN_MS };
}

/** Rate and errors, then latencies, each over the seconds of the run. */
export function loadCharts(series: readonly LoadSecond[], bounds: Bounds): readonly ChartSpec[] {
  const times = series.map(({ at }) => at);
  const base = { bounds, times, thresholds: [], spans: [], marks: [] };
  return [
    {
      ...base,
      title: 'Requests',
      unit: 'perSecond',
      least: 5,
      lines: [
        { label: 'requests', colour: 'ok', values: series.map(({ requests }) => requests) },
        { label: 'errors', colour: 'critical', values: series.map(({ errors }) => errors), dashed: true },
      ],
    },
    {
      ...base,
      title: 'Latency',
      unit: 'seconds',
      least: 0.01,
      lines: [
        { label: 'p50', colour: 'ok', values: series.map(({ p50 }) => p50) },
        { label: 'p95', colour: 'info', values: series.map(({ p95 }) => p95) },
        { label: 'p99', colour: 'warning', values: series.map(({ p99 }) => p99), dashed: true },
      ],
    },
  ];
}

/** CPU and memory of a container that the load reached, on the time of the run. */
export function impactChart({ container, cpuPoints, memoryPoints }: LoadImpactView, bounds: Bounds): ChartSpec {
  const times = [...new Set([...cpuPoints, ...memoryPoints].map(({ at }) => at))].toSorted((a, b) => a - b);
  const line = (label: string, colour: ChartLine['colour'], points: LoadImpactView['cpuPoints']): ChartLine => {
    const known = new Map(points.map(({ at, mean }) => [at, mean]));
    return { label, colour, values: times.map((at) => known.get(at)) };
  };
  return {
    title: `${container}: CPU and memory`,
    unit: 'percent',
    least: 10,
    bounds,
    times,
    lines: [line('CPU', 'ok', cpuPoints), { ...line('memory', 'info', memoryPoints), dashed: true }],
    thresholds: [],
    spans: [],
    marks: [],
  };
}

/** A share of requests that waited for a connection past this means that the generator was short of them. */
const LATE_SHARE = 0.01;

/** Why the numbers of a run may not be the target's; empty when nothing speaks against them. */
export function doubtsOf({
  loadTest: { summary },
  doubts,
}: Pick<LoadTestAnswer, 'loadTest' | 'doubts'>): readonly string[] {
  const lateShare = summary === null || summary.requests === 0 ? 0 : summary.late / summary.requests;
  const late = `${(lateShare * 100).toFixed(1)} % of the requests waited for a free connection: latencies count from when a request was due`;
  const ours = doubts.map((doubt) => `the generator itself was slow: ${doubt}`);
  return [...ours, ...(lateShare > LATE_SHARE ? [late] : [])];
}
