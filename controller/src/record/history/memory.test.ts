import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { historyContract } from './history-contract.ts';
import { createMemoryHistory } from './memory.ts';

historyContract('memory', async () => {
  const clock = createFakeClock();
  return { clock, history: createMemoryHistory({ clock, maxSamples: 10_000 }) };
});

describe('memory history', () => {
  it('is bounded in samples and targets', async () => {
    const clock = createFakeClock();
    const history = createMemoryHistory({ clock, maxSamples: 10 });
    const start = clock.now();
    await clock.advance(60_000);
    for (let n = 0; n < 20; n += 1) history.append([{ targetId: 'web', at: start + n, values: { up: 1 } }]);
    const request = { targetId: 'web', metric: 'up', fromMs: start, toMs: start + 60_000, maxPoints: 100 } as const;
    expect((await history.query(request)).points.map((point) => point.at - start)).toEqual([
      10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
    ]);
    for (let n = 0; n < 1000; n += 1) history.append([{ targetId: `t${n}`, at: start, values: { up: 1 } }]);
    expect((await history.query(request)).points).toEqual([]);
  });
});
