import { describe, expect, it } from 'vitest';
import { buildPolicy, buildTarget } from '../model/builders.ts';
import type { Target } from '../model/target.ts';
import { createRuns, type Select } from './runs.ts';

const web = buildTarget({ name: 'web' });
const cache = buildTarget({ name: 'cache' });
const policy = buildPolicy({ intervalMs: 30_000 });

function createSelect(targets: readonly Target[]) {
  const asked: (readonly string[] | 'all')[] = [];
  const select: Select = (_policy, only) => {
    asked.push(only === undefined ? 'all' : [...only]);
    return targets.filter(({ id }) => only?.has(id) !== false);
  };
  return { select, asked };
}

function createRunning() {
  const runs = createRuns();
  runs.apply(policy, 0).lastRoundAt = 60_000;
  return runs;
}

describe('policies that are due', () => {
  it('are not asked for their targets while nothing is due', () => {
    const { select, asked } = createSelect([web, cache]);
    expect(createRunning().due(select, { now: 65_000, hostBackAt: 0 })).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('are asked for those only that something happened to', () => {
    const { select, asked } = createSelect([web, cache]);
    const runs = createRunning();
    runs.wake(cache.id, 65_000);
    expect(runs.due(select, { now: 65_000, hostBackAt: 0 })).toMatchObject([{ kind: 'partial', targets: [cache] }]);
    expect(asked).toEqual([[cache.id]]);
  });

  it('remember what happened to a target that is not there yet for an interval', () => {
    const runs = createRunning();
    runs.wake(cache.id, 65_000);
    expect(runs.due(createSelect([web]).select, { now: 66_000, hostBackAt: 0 })).toEqual([]);
    expect(runs.due(createSelect([web, cache]).select, { now: 67_000, hostBackAt: 0 })).toHaveLength(1);
    const run = runs.get(policy.key);
    if (run !== undefined) run.lastRoundAt = 96_000;
    expect(runs.due(createSelect([web]).select, { now: 96_000, hostBackAt: 0 })).toEqual([]);
    expect(run?.wakeAt.size).toBe(0);
  });
});
