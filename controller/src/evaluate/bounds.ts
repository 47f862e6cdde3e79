import { metricNames, type MetricName } from '../model/metrics.ts';
import type { Policy } from '../model/policy.ts';
import type { MetricBound } from '../model/standing.ts';
import { createTaker, type Comparison } from './comparisons.ts';
import { createEnvironment } from './environment.ts';
import { compileExpression } from './expression.ts';

/** Window functions whose result is in the unit of the metric: `avgOver(cpu, 5m)`. */
const windowLabel = /^(?:avg|min|max)Over\((\w+),/;
const latencyLabel = /^probes\.[^.]+\.latency$/;
/** Two states and a code: a line in a chart says nothing about them. */
const unlined: ReadonlySet<MetricName> = new Set<MetricName>(['up', 'httpStatus']);

/** The lines that a chart of each metric may show: every comparison of a metric with a number, in valid rules. */
export function boundsOf(policy: Policy): readonly MetricBound[] {
  const take = createTaker(policy.probes);
  const environment = createEnvironment(policy.probes);
  return policy.rules.flatMap(({ name, severity, expr }) => {
    if ('offset' in compileExpression(expr, environment)) return [];
    return take(expr).comparisons.flatMap((comparison) => {
      const line = lineOf(comparison);
      return line === undefined ? [] : [{ ...line, rule: name, severity }];
    });
  });
}

function lineOf({
  label,
  comparator,
  bound,
}: Comparison): Pick<MetricBound, 'metric' | 'value' | 'breach'> | undefined {
  const metric = metricOf(label);
  if (metric === undefined || unlined.has(metric) || comparator === '==' || comparator === '!=') return undefined;
  return { metric, value: bound, breach: comparator.startsWith('>') ? 'above' : 'below' };
}

function metricOf(label: string): MetricName | undefined {
  if (latencyLabel.test(label)) return 'latency';
  const name = windowLabel.exec(label)?.[1] ?? label;
  return metricNames.find((metric) => metric === name);
}
