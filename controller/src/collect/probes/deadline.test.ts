import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { ABORT_GRACE_MS, ProbeDeadlineError, withinDeadline } from './deadline.ts';

describe('withinDeadline', () => {
  const never = new AbortController().signal;

  it('gives the result of work that ends in time, and leaves no timer', async () => {
    const clock = createFakeClock();
    let timer: AbortSignal | undefined;
    const watched = {
      ...clock,
      sleep: (ms: number, signal: AbortSignal) => {
        timer = signal;
        return clock.sleep(ms, signal);
      },
    };
    const options = { clock: watched, timeoutMs: 1000, signal: never };
    expect(await withinDeadline(options, () => Promise.resolve('done'))).toBe('done');
    expect(timer?.aborted).toBe(true);
  });

  it('leaves work behind that ignores its signal', async () => {
    const clock = createFakeClock();
    let aborted: AbortSignal | undefined;
    const result = withinDeadline({ clock, timeoutMs: 1000, signal: never }, (signal) => {
      aborted = signal;
      return new Promise(() => undefined);
    });
    const caught = result.catch((error: unknown) => error);
    await clock.advance(1000);
    expect(aborted?.aborted).toBe(true);
    await clock.advance(ABORT_GRACE_MS);
    expect(await caught).toBeInstanceOf(ProbeDeadlineError);
  });
});
