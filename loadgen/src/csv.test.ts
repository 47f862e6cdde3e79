import { expect, it } from 'vitest';
import { buildReport, buildResult } from './builders.ts';
import { csvOf } from './csv.ts';

it('is a table with a line for each second', () => {
  const report = buildReport([buildResult(), buildResult({ dueAtMs: 1_900, failure: 'timeout', endedAtMs: 2_400 })]);
  expect(csvOf(report).split('\r\n')).toEqual([
    'start_seconds,sent,ok,failed,unsent,late,in_flight,latency_p50,latency_p95,latency_p99,latency_max,service_time_p50,service_time_p95,service_time_p99,service_time_max',
    '0,1,1,0,0,0,0,0.01,0.01,0.01,0.01,0.01,0.01,0.01,0.01',
    '1,1,0,0,0,0,1,0,0,0,0,0,0,0,0',
    '2,0,0,1,0,0,0,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5',
    '',
  ]);
});
