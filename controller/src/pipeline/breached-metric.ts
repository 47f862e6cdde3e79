import type { BreachedMetric } from '../model/chart.ts';
import { metricNames, type MetricName } from '../model/metrics.ts';
import type { RuleSpec } from '../model/policy.ts';
import { compareSeverity } from '../model/severity.ts';

interface Wording {
  readonly label: string;
  readonly unit: string;
  readonly factor: number;
}

const MEBIBYTE = 1 / 1_048_576;
const KIBIBYTE = 1 / 1024;

/** Metrics whose past helps; `up` and `httpStatus` are said better in words. */
const wordings: Readonly<Partial<Record<MetricName, Wording>>> = {
  cpu: { label: 'CPU', unit: '%', factor: 1 },
  cpuCores: { label: 'CPU', unit: 'cores', factor: 1 },
  memory: { label: 'Memory', unit: '%', factor: 1 },
  memoryBytes: { label: 'Memory', unit: 'MiB', factor: MEBIBYTE },
  networkReceiveRate: { label: 'Received', unit: 'KiB/s', factor: KIBIBYTE },
  networkTransmitRate: { label: 'Sent', unit: 'KiB/s', factor: KIBIBYTE },
  diskReadRate: { label: 'Disk reads', unit: 'KiB/s', factor: KIBIBYTE },
  diskWriteRate: { label: 'Disk writes', unit: 'KiB/s', factor: KIBIBYTE },
  processes: { label: 'Processes', unit: '', factor: 1 },
  restarts: { label: 'Restarts', unit: '', factor: 1 },
  latency: { label: 'Latency', unit: 's', factor: 1 },
};

/** Rules that name no metric, but whose cause shows in one. */
const causes: Readonly<Record<string, MetricName>> = { oomKilled: 'memory' };

/** Functions over a window whose result is in the unit of the metric. */
const sameUnit = /\b(?:avgOver|minOver|maxOver)\(\s*["']NAME["'][^)]*\)\s*(?:>=?|<=?)\s*(\d+(?:\.\d+)?)/.source;
const plain = /(?<![\w."'])(?:probes\.\w+\.)?NAME\s*(?:>=?|<=?)\s*(\d+(?:\.\d+)?)/.source;

/** The metric that a rule (all its levels) is about: the first that its worst level names; undefined when none is. */
export function breachedMetric(rules: readonly RuleSpec[]): BreachedMetric | undefined {
  for (const { expr } of rules.toSorted((a, b) => compareSeverity(b.severity, a.severity))) {
    const found = wordedMetric(expr);
    if (found === undefined) continue;
    const bound = thresholdOf(expr, found.metric);
    return { ...found, threshold: bound === undefined ? undefined : bound * found.factor };
  }
  return undefined;
}

function wordedMetric(expr: string): Omit<BreachedMetric, 'threshold'> | undefined {
  for (const [word] of expr.matchAll(/[a-zA-Z]+/g)) {
    const metric =
      metricNames.find((name) => name === word) ?? (Object.hasOwn(causes, word) ? causes[word] : undefined);
    const wording = metric && wordings[metric];
    if (metric !== undefined && wording !== undefined) return { metric, ...wording };
  }
  return undefined;
}

function thresholdOf(expr: string, metric: MetricName): number | undefined {
  for (const pattern of [plain, sameUnit]) {
    const bound = new RegExp(pattern.replace('NAME', metric)).exec(expr)?.[1];
    if (bound !== undefined) return Number(bound);
  }
  return undefined;
}
