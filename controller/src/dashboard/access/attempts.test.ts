import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createAttempts, MAX_ADDRESSES } from './attempts.ts';

const allowed = (attempts: ReturnType<typeof createAttempts>, address: string, tries: number): number =>
  Array.from({ length: tries }, () => attempts.take(address)).filter((waitMs) => waitMs === 0).length;

describe('attempts to sign in', () => {
  it('are five from one address, then one in half a minute', async () => {
    const clock = createFakeClock();
    const attempts = createAttempts({ clock });
    expect(allowed(attempts, '10.0.0.1', 20)).toBe(5);
    expect(attempts.take('10.0.0.1')).toBe(30_000);
    await clock.advance(29_999);
    expect(attempts.take('10.0.0.1')).toBe(1);
    await clock.advance(1);
    expect(allowed(attempts, '10.0.0.1', 3)).toBe(1);
  });

  it('of one address cost the others nothing', () => {
    const attempts = createAttempts({ clock: createFakeClock() });
    allowed(attempts, '10.0.0.1', 20);
    expect(attempts.take('10.0.0.2')).toBe(0);
  });

  it('are counted anew after one that got in', () => {
    const attempts = createAttempts({ clock: createFakeClock() });
    allowed(attempts, '10.0.0.1', 5);
    attempts.succeeded('10.0.0.1');
    expect(allowed(attempts, '10.0.0.1', 9)).toBe(5);
  });

  it('are bounded in all, whatever the address', async () => {
    const clock = createFakeClock();
    const attempts = createAttempts({ clock });
    const tries = Array.from({ length: 3 * MAX_ADDRESSES }, (_, index) =>
      attempts.take(`10.0.${index >> 8}.${index % 256}`),
    );
    expect(tries.filter((waitMs) => waitMs === 0)).toHaveLength(60);
    await clock.advance(2000);
    expect(attempts.take('10.9.9.9')).toBe(0);
  });

  it('of one IPv6 network count together', () => {
    const attempts = createAttempts({ clock: createFakeClock() });
    const tries = Array.from({ length: 20 }, (_, index) => attempts.take(`2001:db8:1:2::${index}`));
    expect(tries.filter((waitMs) => waitMs === 0)).toHaveLength(5);
    expect(attempts.take('2001:db8:1:3::1')).toBe(0);
    expect(attempts.take('::1')).toBe(0);
  });

  it('are not given back by a clock that is set back', () => {
    const clock = createFakeClock();
    const attempts = createAttempts({ clock });
    allowed(attempts, '10.0.0.1', 5);
    clock.jump(-3_600_000);
    expect(attempts.take('10.0.0.1')).toBe(30_000);
  });
});
