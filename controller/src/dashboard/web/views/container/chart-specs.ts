import type { ChangeMark, MarksAnswer, ThresholdLine } from '../../../answers/container.ts';
import type { ChartMark, ChartSpan, ChartSpec } from '../../charts/chart-spec.ts';
import { columnsOf, type Series } from '../../charts/series.ts';
import type { Bounds } from '../../charts/time-range.ts';
import type { MetricChart } from '../../charts/unit.ts';

/** One chart of a container. */
export function containerChart(
  { metric, title, unit, least }: MetricChart,
  series: Series,
  around: {
    readonly bounds: Bounds;
    readonly marks: MarksAnswer | undefined;
    readonly thresholds: readonly ThresholdLine[];
  },
): ChartSpec {
  const { times, mean, min, max } = columnsOf(series);
  return {
    title,
    unit,
    least,
    bounds: around.bounds,
    times,
    lines: [{ label: title, colour: 'ok', values: mean, band: { min, max } }],
    thresholds: around.thresholds
      .filter((line) => line.metric === metric)
      .map(({ value, severity, rule }) => ({ value, severity, label: rule })),
    spans: around.marks === undefined ? [] : spansOf(around.marks),
    marks: around.marks?.changes.map(markOf).toSorted((a, b) => a.at - b.at) ?? [],
  };
}

function spansOf({ alerts, loadTests }: MarksAnswer): readonly ChartSpan[] {
  return [
    ...loadTests.map(({ key, from, to }) => ({ fromMs: from, toMs: to, kind: 'load' as const, label: `load ${key}` })),
    ...alerts.map(({ rule, severity, from, to }) => ({
      fromMs: from,
      toMs: to,
      kind: severity,
      label: `${severity}: ${rule}`,
    })),
  ];
}

const markKinds: Readonly<Record<ChangeMark['kind'], ChartMark['kind']>> = {
  deployed: 'deploy',
  restarted: 'restart',
  crashed: 'crash',
  oomKilled: 'crash',
  configured: 'change',
};

const words: Readonly<Record<ChangeMark['kind'], string>> = {
  deployed: 'deployed',
  restarted: 'restarted',
  crashed: 'crashed',
  oomKilled: 'killed for want of memory',
  configured: 'configuration changed',
};

function markOf(change: ChangeMark): ChartMark {
  return { at: change.at, kind: markKinds[change.kind], label: changeWords(change) };
}

/** `crashed (exit code 137): image app:1 -> app:2`. */
export function changeWords({ kind, exitCode, detail }: ChangeMark): string {
  const code = exitCode === null ? '' : ` (exit code ${exitCode})`;
  return `${words[kind]}${code}${detail === null || detail === '' ? '' : `: ${detail}`}`;
}
