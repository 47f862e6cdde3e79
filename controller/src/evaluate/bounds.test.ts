import { expect, it } from 'vitest';
import { buildPolicy } from '../model/builders.ts';
import { boundsOf } from './bounds.ts';

it.each([
  ['cpu > 80.0', [{ metric: 'cpu', value: 80, breach: 'above' }]],
  ['80.0 < cpu', [{ metric: 'cpu', value: 80, breach: 'above' }]],
  [
    'cpu > 80.0 && memory >= 60.0',
    [
      { metric: 'cpu', value: 80, breach: 'above' },
      { metric: 'memory', value: 60, breach: 'above' },
    ],
  ],
  ['avgOver("cpu", "5m") > 70.0', [{ metric: 'cpu', value: 70, breach: 'above' }]],
  ['processes < 2', [{ metric: 'processes', value: 2, breach: 'below' }]],
  ['probes.http.latency > 0.5', [{ metric: 'latency', value: 0.5, breach: 'above' }]],
  ['increaseOver("restarts", "10m") >= 3.0', []],
  ['probes.http.status >= 500', []],
  ['!up', []],
  ['cpu == 5.0', []],
  ['cpu > ', []],
])('%s', (expr, lines) => {
  const rule = { name: 'r', severity: 'warning' as const, expr, forMs: 0, keepFiringForMs: 0, actions: [] };
  const probes = [
    {
      kind: 'http' as const,
      name: 'http',
      url: 'http://web/',
      method: 'GET' as const,
      headers: {},
      expectedStatus: [200],
      timeoutMs: 1000,
    },
  ];
  expect(boundsOf(buildPolicy({ rules: [rule], probes }))).toEqual(
    lines.map((line) => ({ ...line, rule: 'r', severity: 'warning' })),
  );
});
