import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WeeklyWindow } from '../model/silence.ts';
import { isWithinWindow } from './weekly-window.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function buildWindow(start: string, end: string, overrides: Partial<WeeklyWindow> = {}): WeeklyWindow {
  return { days: [], startMinute: minutesOf(start), endMinute: minutesOf(end), timeZone: 'UTC', ...overrides };
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** The spans of a window between two times, looked at minute by minute. */
function spans(window: WeeklyWindow, from: string, hours: number): readonly string[] {
  const start = Date.parse(from);
  const found: string[] = [];
  let since: number | undefined;
  for (let at = start; at <= start + hours * hourMs; at += minuteMs) {
    const within = isWithinWindow(window, at);
    if (within) since ??= at;
    if (within || since === undefined) continue;
    found.push(`${new Date(since).toISOString().slice(11, 16)}-${new Date(at).toISOString().slice(11, 16)}`);
    since = undefined;
  }
  return found;
}

describe('a weekly window', () => {
  it.each([
    ['on its day', '2026-11-23T02:30:00Z', true],
    ['at its first moment', '2026-11-23T02:00:00Z', true],
    ['at its end', '2026-11-23T04:00:00Z', false],
    ['before it', '2026-11-23T01:59:59.999Z', false],
    ['on another day', '2026-11-24T02:30:00Z', false],
  ])('holds or not: %s', (_name, at, expected) => {
    expect(isWithinWindow(buildWindow('02:00', '04:00', { days: [1] }), Date.parse(at))).toBe(expected);
  });

  it('that ends before it begins ends on the day after', () => {
    const window = buildWindow('22:00', '06:00', { days: [5] });
    const within = (at: string): boolean => isWithinWindow(window, Date.parse(at));
    expect(within('2026-11-27T23:00:00Z')).toBe(true);
    expect(within('2026-11-28T05:59:00Z')).toBe(true);
    expect(within('2026-11-28T06:00:00Z')).toBe(false);
    expect(within('2026-11-28T23:00:00Z')).toBe(false);
    expect(within('2026-11-27T05:00:00Z')).toBe(false);
  });

  it.each([
    ['Berlin in winter', '02:00', '04:00', 'Europe/Berlin', '2026-01-12T00:00:00Z', ['01:00-03:00']],
    ['Berlin in summer', '02:00', '04:00', 'Europe/Berlin', '2026-07-12T00:00:00Z', ['00:00-02:00']],
    [
      'an hour shorter when clocks go forward',
      '01:00',
      '05:00',
      'Europe/Berlin',
      '2026-03-29T00:00:00Z',
      ['00:00-03:00'],
    ],
    [
      'from the skip when its start is skipped',
      '02:30',
      '05:00',
      'Europe/Berlin',
      '2026-03-29T00:00:00Z',
      ['01:00-03:00'],
    ],
    ['to the skip when its end is skipped', '01:00', '02:30', 'Europe/Berlin', '2026-03-29T00:00:00Z', ['00:00-01:00']],
    ['an hour longer when clocks go back', '01:00', '05:00', 'Europe/Berlin', '2026-10-24T12:00:00Z', ['23:00-04:00']],
    [
      'without a gap when its end comes twice',
      '01:00',
      '02:30',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      ['23:00-01:30'],
    ],
    [
      'from the first time that its start comes',
      '02:30',
      '05:00',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      ['00:30-04:00'],
    ],
    ['half an hour on Lord Howe', '01:00', '03:00', 'Australia/Lord_Howe', '2026-10-03T10:00:00Z', ['14:30-16:00']],
    ['over midnight that clocks skip', '23:00', '01:30', 'Africa/Cairo', '2026-04-23T12:00:00Z', ['21:00-22:30']],
  ] as const)('in its zone: %s', (_name, start, end, timeZone, from, expected) => {
    expect(spans(buildWindow(start, end, { timeZone }), from, 18)).toEqual(expected);
  });

  it('is where the clock of its zone stands, away from changes of the clocks', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Pacific/Apia',
      'America/Havana',
    );
    const minute = fc.integer({ min: 0, max: 1439 });
    const instant = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) });
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 6 }));
    fc.assert(
      fc.property(zones, minute, minute, days, instant, (timeZone, startMinute, endMinute, on, at) => {
        fc.pre(startMinute !== endMinute && offset(timeZone, at - 36 * hourMs) === offset(timeZone, at + 36 * hourMs));
        const { day, minutes } = local(timeZone, at);
        const isOn = (weekday: number): boolean => on.length === 0 || on.includes((weekday + 7) % 7);
        const wraps = endMinute <= startMinute;
        const expected = wraps
          ? (isOn(day) && minutes >= startMinute) || (isOn(day - 1) && minutes < endMinute)
          : isOn(day) && minutes >= startMinute && minutes < endMinute;
        expect(isWithinWindow({ days: on, startMinute, endMinute, timeZone }, at)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

function local(timeZone: string, at: number): { readonly day: number; readonly minutes: number } {
  const text = new Date(at).toLocaleString('en-GB', { timeZone, weekday: 'long', hour: '2-digit', minute: '2-digit' });
  const [, weekday = '', hour, minute] = /(\w+)\D+(\d+):(\d+)/.exec(text) ?? [];
  return { day: names.indexOf(weekday), minutes: Number(hour) * 60 + Number(minute) };
}

function offset(timeZone: string, at: number): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
