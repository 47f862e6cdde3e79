import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSelfWatch } from './self-watch.ts';

function burn(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('createSelfWatch', () => {
  it('sees that the process has nothing to do', async () => {
    const watch = createSelfWatch();
    await delay(700);
    const { cpu, seconds, saturatedSeconds } = watch.end();
    expect([seconds, saturatedSeconds]).toEqual([1, 0]);
    expect(cpu.mean).toBeLessThan(0.9);
  });

  it('sees that the event loop has no pause, and how long it stood still', async () => {
    const watch = createSelfWatch();
    for (let round = 0; round < 6; round += 1) {
      burn(120);
      await delay(0);
    }
    const { cpu, seconds, saturatedSeconds, eventLoopDelaySeconds } = watch.end();
    expect([seconds, saturatedSeconds]).toEqual([1, 1]);
    expect(eventLoopDelaySeconds.max).toBeGreaterThan(0.1);
    expect(cpu.max).toBeGreaterThan(0.2);
  });
});
