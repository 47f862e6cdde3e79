import { afterEach, expect, it } from 'vitest';
import { buildTarget } from '../model/builders.ts';
import { buildRule, createScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
afterEach(() => scenario.close());

it('tells how a target stands by each level of each rule, with the values that were used', async () => {
  const rules = [
    buildRule({ name: 'cpu', expr: 'cpu > 80' }),
    buildRule({ name: 'cpu', severity: 'warning', expr: 'cpu > 60' }),
    buildRule({ name: 'memory', expr: 'memory > 90' }),
    buildRule({ name: 'broken', expr: 'cpu >' }),
  ];
  scenario = createScenario([{ rules }]);
  const { host, pass, pipeline } = scenario;
  host.set({ target: buildTarget({ name: 'web' }), state: 'running', resources: { cpuPercent: 70 } });
  await pass(31_000);
  const [standing, ...others] = pipeline().standings.of('local/web');
  expect(others).toEqual([]);
  expect(standing).toMatchObject({ judgedAt: expect.any(Number), invalid: [{ name: 'broken' }] });
  expect(standing?.bounds.map(({ metric, value }) => [metric, value])).toEqual([
    ['cpu', 80],
    ['cpu', 60],
    ['memory', 90],
  ]);
  expect(standing?.verdicts.map(({ rule, levels }) => [rule, levels.map(({ verdict }) => verdict.kind)])).toEqual([
    ['cpu', ['clear', 'breach']],
    ['memory', ['unknown']],
  ]);
  expect(standing?.verdicts[0]?.levels[0]?.verdict).toMatchObject({ values: { cpu: 70 } });
  expect(pipeline().standings.tally('default/web')).toEqual([
    { rule: 'cpu', unknown: 0 },
    { rule: 'memory', unknown: 1 },
    { rule: 'broken', unknown: 0 },
  ]);
  expect(pipeline().standings.of('nobody')).toEqual([]);
  expect(pipeline().standings.tally('default/none')).toEqual([]);
});
