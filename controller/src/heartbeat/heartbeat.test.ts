import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import { createProblems } from '../problems.ts';
import { createDaily } from './daily.ts';
import { createHeartbeat } from './heartbeat.ts';

const MINUTE_MS = 60_000;

function given() {
  const clock = createFakeClock();
  const problems = createProblems({ clock, log: createSilentLog() });
  const state = { calls: 0, failing: false, healthyAt: undefined as number | undefined };
  const act = async (): Promise<void> => {
    state.calls += 1;
    if (state.failing) throw new Error('refused');
  };
  return { clock, problems, state, act };
}

function beating() {
  const { clock, problems, state, act } = given();
  const heartbeat = createHeartbeat({ ping: act, lastHealthyTickAt: () => state.healthyAt, problems, clock });
  heartbeat.start();
  return { clock, problems, state, heartbeat };
}

describe('the heartbeat', () => {
  it('comes once a minute while ticks end well', async () => {
    const { clock, state, heartbeat } = beating();
    for (let minute = 0; minute < 5; minute += 1) {
      state.healthyAt = clock.now();
      await clock.advance(MINUTE_MS);
    }
    expect(state.calls).toBeGreaterThanOrEqual(4);
    expect(state.calls).toBeLessThanOrEqual(6);
    await heartbeat.stop();
  });

  it('stays away when ticks fail or hang, and before the first', async () => {
    const { clock, state, heartbeat } = beating();
    await clock.advance(5 * MINUTE_MS);
    expect(state.calls).toBe(0);
    state.healthyAt = clock.now();
    await clock.advance(10 * MINUTE_MS);
    expect(state.calls).toBe(1);
    await heartbeat.stop();
  });

  it('is a problem when it cannot be made, until it can', async () => {
    const { clock, problems, state, heartbeat } = beating();
    state.failing = true;
    state.healthyAt = clock.now();
    await clock.advance(5000);
    expect(problems.list()).toMatchObject([{ key: 'heartbeat', reason: 'HeartbeatFailed' }]);
    state.failing = false;
    state.healthyAt = clock.now();
    await clock.advance(MINUTE_MS);
    expect(problems.list()).toEqual([]);
    await heartbeat.stop();
  });
});

describe('once a day', () => {
  it('is once at that time of each day, and failing waits for the next', async () => {
    const { clock, problems, state, act } = given();
    const at = new Date(clock.now() + 90 * MINUTE_MS);
    const daily = createDaily({ minuteOfDay: at.getHours() * 60 + at.getMinutes(), act, problems, clock });
    daily.start();
    await clock.advance(60 * MINUTE_MS);
    expect(state.calls).toBe(0);
    state.failing = true;
    await clock.advance(60 * MINUTE_MS);
    expect(state.calls).toBe(1);
    expect(problems.list()).toMatchObject([{ key: 'daily-mail' }]);
    state.failing = false;
    await clock.advance(24 * 60 * MINUTE_MS);
    expect(state.calls).toBe(2);
    expect(problems.list()).toEqual([]);
    await daily.stop();
  });

  it.each([
    ['a clock that is set over it', 3, 1],
    ['a process that was busy, or summer time that skips it', 59, 1],
    ['hours in which the machine was suspended', 240, 0],
    ['a clock that is set back over it', -30, 1],
  ])('comes once in spite of %s', async (_name, jumpMinutes, calls) => {
    const { clock, problems, state, act } = given();
    const at = new Date(clock.now() + 30 * MINUTE_MS);
    const daily = createDaily({ minuteOfDay: at.getHours() * 60 + at.getMinutes(), act, problems, clock });
    daily.start();
    await clock.advance((jumpMinutes < 0 ? 31 : 29) * MINUTE_MS);
    clock.jump(jumpMinutes * MINUTE_MS);
    await clock.advance(40 * MINUTE_MS);
    expect(state.calls).toBe(calls);
    await daily.stop();
  });
});
