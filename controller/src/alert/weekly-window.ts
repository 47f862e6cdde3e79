import type { WeeklyWindow } from '../model/silence.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SECOND_MS = 1000;
/** Farther than any offset from UTC, and nearer than two changes of it ever were. */
const AROUND_MS = 36 * 60 * MINUTE_MS;

/**
 * Whether `now` (epoch milliseconds) lies in the window. Each window is one span without a gap: it begins at the first
 * moment at which clocks show its start (or, when they skip it, at the skip), and ends at the last at which they show
 * its end, so that a change of the clocks never leaves an hour of a maintenance open.
 */
export function isWithinWindow(window: WeeklyWindow, now: number): boolean {
  const { days, startMinute, endMinute, timeZone } = window;
  const today = Math.floor(wallTime(timeZone, now) / DAY_MS) * DAY_MS;
  return [today - DAY_MS, today, today + DAY_MS].some((day) => {
    if (days.length > 0 && !days.includes(new Date(day).getUTCDay())) return false;
    const lastDay = endMinute <= startMinute ? day + DAY_MS : day;
    return (
      now >= Math.min(...instantsOf(timeZone, day + startMinute * MINUTE_MS)) &&
      now < Math.max(...instantsOf(timeZone, lastDay + endMinute * MINUTE_MS))
    );
  });
}

/** What clocks of the zone show, as the epoch milliseconds that UTC clocks would show it at. */
function wallTime(timeZone: string, at: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The moments at which clocks of the zone show a time: two when they are set back over it, the skip when there is none. */
function instantsOf(timeZone: string, wall: number): readonly [number, ...number[]] {
  const offsets = [wall - AROUND_MS, wall + AROUND_MS].map((at) => wallTime(timeZone, at) - at);
  const [first, ...others] = offsets.map((offset) => wall - offset).filter((at) => wallTime(timeZone, at) === wall);
  if (first !== undefined) return [first, ...others];
  return [skipOver(timeZone, wall, { from: wall - Math.max(...offsets), to: wall - Math.min(...offsets) })];
}

/** The moment at which clocks jump over a time; it lies between the two. */
function skipOver(timeZone: string, wall: number, between: { readonly from: number; readonly to: number }): number {
  let { from, to } = between;
  while (to - from > SECOND_MS) {
    const middle = Math.floor((from + to) / 2 / SECOND_MS) * SECOND_MS;
    if (wallTime(timeZone, middle) < wall) from = middle;
    else to = middle;
  }
  return to;
}

/** One for each zone that is in use; there are some hundreds at most, and making one takes longer than using it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(timeZone, formatter);
  return formatter;
}
