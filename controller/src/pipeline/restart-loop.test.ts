import { afterEach, describe, expect, it } from 'vitest';
import { defaultPolicies } from '../evaluate/default-policy.ts';
import { buildTarget } from '../model/builders.ts';
import { parseDuration } from '../model/duration.ts';
import type { Change, ContainerObservation } from '../model/observation.ts';
import type { RuleSpec } from '../model/policy.ts';
import { buildRule, createScenario, type Scenario } from './scenario.ts';

interface BuiltIn extends Pick<RuleSpec, 'name' | 'severity' | 'expr' | 'message'> {
  readonly keepFiringFor?: string;
}

const [builtIn] = defaultPolicies({
  cpuThreshold: 80,
  memoryThreshold: 60,
  cooldownMs: 300_000,
  intervalMs: 30_000,
  hasDatabase: false,
});
const rules = ((builtIn?.spec['rules'] ?? []) as readonly BuiltIn[])
  .filter(({ name }) => ['down', 'restart-loop', 'restart'].includes(name))
  .map(({ keepFiringFor, ...rule }) =>
    buildRule({ ...rule, keepFiringForMs: parseDuration(keepFiringFor ?? '') ?? 0 }),
  );

const minute = 60_000;
const target = buildTarget({ name: 'web' });

let scenario: Scenario;
let seen: Partial<ContainerObservation>;
async function given(): Promise<Scenario> {
  scenario = createScenario([{ rules, intervalMs: 30_000, cooldownMs: 5 * minute }]);
  seen = { target, state: 'running', startedAt: 1, restarts: 0, changes: [] };
  scenario.host.set(seen);
  // Not at the time of a round: what is noticed then is of the round before.
  await scenario.pass(3 * minute + 1500);
  return scenario;
}
afterEach(() => scenario.close());

/** It ends, and its restart policy starts it again at once; then it runs for so long. */
async function restart(runsMs: number): Promise<void> {
  const at = scenario.clock.now();
  const changes: readonly Change[] = [
    { kind: 'crashed', at, exitCode: 1 },
    { kind: 'restarted', at },
  ];
  const { restarts = 0, changes: before = [] } = seen;
  seen = { ...seen, startedAt: at, restarts: restarts + 1, changes: [...before, ...changes].slice(-32) };
  scenario.host.set(seen);
  scenario.host.touch(target.id);
  await scenario.pass(runsMs);
}

describe('by the built-in policy, a container', () => {
  it.each([[minute], [2 * minute], [3 * minute]])(
    'that its restart policy starts again every %d ms is told once, and reminded of as one thing',
    async (periodMs) => {
      const { subjects, pass } = await given();
      for (let passedMs = 0; passedMs < 30 * minute; passedMs += periodMs) await restart(periodMs);
      const begins = subjects().indexOf('first web/restart-loop/critical');
      expect([...new Set(subjects().slice(0, begins))]).toEqual(['first web/restart/info']);
      expect([...new Set(subjects().slice(begins + 1))]).toEqual(['reminder web/restart-loop/critical']);
      await pass(10 * minute);
      expect(subjects().at(-1)).toBe('resolved web/restart-loop/critical');
      await pass(10 * minute);
      await restart(minute);
      expect(subjects().at(-1)).toBe('first web/restart/info');
    },
  );

  it('that ended some times before what it needs was there, and runs since, is a note', async () => {
    const { subjects, pass } = await given();
    for (const runsMs of [3000, 3000, 4000, 12_000, 25_000, 40_000]) await restart(runsMs);
    await pass(20 * minute);
    expect(new Set(subjects())).toEqual(new Set(['first web/restart/info']));
  });

  it('that restarts once in a while is a note each time', async () => {
    const { subjects } = await given();
    for (let count = 0; count < 5; count += 1) await restart(6 * minute);
    expect(new Set(subjects())).toEqual(new Set(['first web/restart/info']));
  });
});
