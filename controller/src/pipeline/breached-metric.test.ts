import { describe, expect, it } from 'vitest';
import { breachedMetric } from './breached-metric.ts';
import { buildRule } from './scenario.ts';

describe('breachedMetric', () => {
  it.each([
    ['cpu > 80', 'cpu', 80],
    ['memory >= 90.5', 'memory', 90.5],
    ['avgOver("cpu", "5m") > 70.0', 'cpu', 70],
    ["maxOver('memory', '10m') > 60.0 && up", 'memory', 60],
    ['probes.http.latency > 1', 'latency', 1],
    ['memoryBytes > 1048576', 'memoryBytes', 1],
    ['increaseOver("restarts", "10m") >= 3.0', 'restarts', undefined],
    ['cpu > memory', 'cpu', undefined],
    ['oomKilled', 'memory', undefined],
    ['up && cpu < 5', 'cpu', 5],
  ])('finds in %s the metric %s with the bound %s', (expr, metric, threshold) => {
    expect(breachedMetric([buildRule({ expr })])).toMatchObject({ metric, threshold });
  });

  it.each(['!up', 'crashed', 'deployed', 'state == "missing"', 'container.name == "x"', ''])(
    'finds none in %j',
    (expr) => {
      expect(breachedMetric([buildRule({ expr })])).toBeUndefined();
    },
  );

  it('takes the bound of the worst level', () => {
    const levels = [
      buildRule({ expr: 'cpu > 60', severity: 'warning' }),
      buildRule({ expr: 'cpu > 80', severity: 'critical' }),
    ];
    expect(breachedMetric(levels)?.threshold).toBe(80);
  });
});
