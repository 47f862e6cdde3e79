import { describe, expect, it } from 'vitest';
import { scheduleDue, scheduleFault } from './load-test-cron.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);
const nightly = { pattern: '0 3 * * *' };

describe('a schedule', () => {
  it('is due at its time, once', () => {
    const before = scheduleDue(nightly, utc('2026-01-12T03:00'), utc('2026-01-13T02:59:59'));
    expect(before).toEqual({ dueAt: undefined, missed: 0, nextAt: utc('2026-01-13T03:00') });
    const at = scheduleDue(nightly, utc('2026-01-12T03:00'), utc('2026-01-13T03:00:01'));
    expect(at).toEqual({ dueAt: utc('2026-01-13T03:00'), missed: 0, nextAt: utc('2026-01-14T03:00') });
    expect(scheduleDue(nightly, utc('2026-01-13T03:00'), utc('2026-01-13T03:00:01')).dueAt).toBeUndefined();
  });

  it('keeps to its time zone over the change of the clocks', () => {
    const berlin = { pattern: '30 3 * * *', timeZone: 'Europe/Berlin' };
    expect(scheduleDue(berlin, utc('2026-03-28T00:00'), utc('2026-03-28T00:00')).nextAt).toBe(utc('2026-03-28T02:30'));
    expect(scheduleDue(berlin, utc('2026-03-29T00:00'), utc('2026-03-29T00:00')).nextAt).toBe(utc('2026-03-29T01:30'));
  });

  it('does not make up for a run that is long over', () => {
    const due = scheduleDue(nightly, utc('2026-01-10T03:00'), utc('2026-01-13T09:00'));
    expect(due).toEqual({ dueAt: undefined, missed: 3, nextAt: utc('2026-01-14T03:00') });
  });

  it('makes up for the latest of several, when it is fresh', () => {
    const due = scheduleDue({ pattern: '* * * * *' }, utc('2026-01-13T09:00'), utc('2026-01-13T09:03:20'));
    expect(due).toEqual({ dueAt: utc('2026-01-13T09:03'), missed: 2, nextAt: utc('2026-01-13T09:04') });
  });

  it('counts no further than a bound', () => {
    const due = scheduleDue({ pattern: '* * * * *' }, utc('2025-01-13T09:00'), utc('2026-01-13T09:00:30'));
    expect(due.nextAt).toBe(utc('2026-01-13T09:01'));
  });

  it.each(['61 * * * *', '* * * *', 'every day', '0 0 30 2 *', '* * * * * *'])('is refused as %s', (pattern) => {
    expect(scheduleFault({ pattern })).toEqual(expect.any(String));
  });

  it('is refused with a time zone that is none', () => {
    expect(scheduleFault({ ...nightly, timeZone: 'Mars/Olympus' })).toEqual(expect.any(String));
    expect(scheduleFault({ ...nightly, timeZone: 'Europe/Berlin' })).toBeUndefined();
  });
});
