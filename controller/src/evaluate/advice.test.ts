import { describe, expect, it } from 'vitest';
import { buildPolicy } from '../model/builders.ts';
import type { RuleSpec } from '../model/policy.ts';
import { adviseOn } from './advice.ts';

function rule(overrides: Partial<RuleSpec>): RuleSpec {
  return { name: 'r', severity: 'warning', expr: 'up', forMs: 0, keepFiringForMs: 0, actions: [], ...overrides };
}

const probe = {
  kind: 'http',
  name: 'http',
  url: '',
  method: 'GET',
  headers: {},
  expectedStatus: [200],
  timeoutMs: 5000,
} as const;

function advice(...rules: readonly Partial<RuleSpec>[]): readonly string[] {
  return adviseOn(buildPolicy({ probes: [probe], rules: rules.map(rule) })).map(({ message }) => message);
}

const levels = (critical: Partial<RuleSpec>, warning: Partial<RuleSpec>): readonly string[] =>
  advice({ severity: 'critical', ...critical }, { severity: 'warning', ...warning });

describe('a lower level that a higher one hides', () => {
  it.each([
    ['cpu > 60', 'cpu > 80'],
    ['cpu > 80', 'cpu > 80'],
    ['cpu > 80', '80<cpu'],
    ['cpu >= 80', 'cpu > 80'],
    ['cpu < 20', 'cpu <= 10'],
    ['up', 'up && cpu > 80'],
    ['cpu > 60 && up', '(up) && (cpu > 80 && memory > 1)'],
    ['avgOver("cpu", "5m") > 60', 'avgOver("cpu", "5m") > 70'],
    ['restarts > 2', 'restarts == 3'],
  ])('is found: critical %s over warning %s', (critical, warning) => {
    expect(levels({ expr: critical }, { expr: warning })).toContainEqual(expect.stringContaining('can never speak'));
  });

  it.each([
    ['cpu > 80', 'cpu > 60'],
    ['cpu > 80', 'cpu >= 80'],
    ['cpu > 60', 'memory > 80'],
    ['cpu > 60', 'cpu < 80'],
    ['avgOver("cpu", "5m") > 60', 'avgOver("cpu", "1m") > 70'],
    ['cpu > 60 && up', 'cpu > 80'],
    ['cpu > 60 || up', 'cpu > 80 && memory > 50'],
  ])('is not claimed: critical %s over warning %s', (critical, warning) => {
    expect(levels({ expr: critical }, { expr: warning })).toEqual([]);
  });

  it('speaks before a higher one that waits longer', () => {
    expect(levels({ expr: 'cpu > 60', forMs: 60_000 }, { expr: 'cpu > 80' })).toEqual([]);
  });

  it('stays after a higher one that ends sooner', () => {
    expect(levels({ expr: 'cpu > 60' }, { expr: 'cpu > 80', keepFiringForMs: 60_000 })).toEqual([]);
  });

  it('is a level of the same rule', () => {
    expect(levels({ name: 'a', expr: 'cpu > 60' }, { name: 'b', expr: 'cpu > 80' })).toEqual([]);
  });
});

describe('odd bounds', () => {
  it.each([
    ['restarts > 2.5', 'this means >= 3'],
    ['processes < 2.5', 'this means <= 2'],
    ['exitCode == 1.5', 'it is never 1.5'],
    ['cpu == 80', 'hardly ever exactly'],
    ['avgOver("memory", "5m") > 0.8', '0.8 means 0.8 %'],
    ['memory > 100', 'does not pass 100'],
    ['probes.http.latency > 500', 'gives up after 5 s'],
  ])('warns of %s', (expr, words) => {
    expect(advice({ expr })).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    'restarts >= 3.0',
    'increaseOver("restarts", "10m") >= 3.0',
    'cpu > 80',
    'cpu == 0.0',
    'cpuCores > 0.5',
    'probes.http.status == 500',
    'probes.http.value == 3.0',
    'probes.http.latency > 1',
    'up || cpu + memory > 150.0',
  ])('leaves alone: %s', (expr) => {
    expect(advice({ expr })).toEqual([]);
  });

  it('points at the place', () => {
    expect(advice({ expr: 'up && restarts > 2.5' })[0]).toBe(
      'line 1, column 7: restarts is a whole number: this means >= 3\n  up && restarts > 2.5\n        ^',
    );
  });
});

it('warns of a timer on what is true in one look only', () => {
  expect(advice({ expr: 'restarted', forMs: 1 })).toEqual([expect.stringMatching(/^for has no effect/)]);
});
