import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { askPatiently } from './patient-call.ts';

const patienceMs = 3000;
const longestMs = 10_000;
const { signal } = new AbortController();

describe('a call with patience', () => {
  it('does not count the wait for its turn', async () => {
    const clock = createFakeClock();
    const turn = Promise.withResolvers<void>();
    const call = askPatiently(
      async (begun) => {
        await turn.promise;
        begun();
        await clock.sleep(1000, signal);
        return 'answer';
      },
      { clock, patienceMs, longestMs, signal },
    );
    await clock.advance(2 * patienceMs);
    expect(call.isOverdue()).toBe(false);
    turn.resolve();
    await clock.advance(1000);
    expect(await call.soon).toBe('answer');
    expect(call.isOverdue()).toBe(false);
  });

  it('is overdue when it takes too long from then on, and its answer is for those who ask later', async () => {
    const clock = createFakeClock();
    const call = askPatiently(
      async (begun) => {
        begun();
        await clock.sleep(5000, signal);
        return 'answer';
      },
      { clock, patienceMs, longestMs, signal },
    );
    await clock.advance(patienceMs);
    expect(await call.soon).toBeUndefined();
    expect(call.isOverdue()).toBe(true);
    await clock.advance(2000);
    expect(await call.late()).toBe('answer');
  });

  it('whose turn does not come is overdue in the end', async () => {
    const clock = createFakeClock();
    const call = askPatiently(() => clock.sleep(longestMs + 1, signal), { clock, patienceMs, longestMs, signal });
    await clock.advance(longestMs);
    expect(call.isOverdue()).toBe(true);
  });

  it('passes a fault on, though its turn never came', async () => {
    const clock = createFakeClock();
    const call = askPatiently(() => Promise.reject(new Error('closed')), { clock, patienceMs, longestMs, signal });
    await expect(call.soon).rejects.toThrow('closed');
  });
});
