const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `45 s`, `12 m`, `3 h 5 m`, `2 d 4 h`: as exact as a reader needs. */
export function formatSpan(durationMs: number): string {
  const whole = Math.max(0, durationMs);
  if (whole < MINUTE_MS) return `${Math.floor(whole / SECOND_MS)} s`;
  if (whole < HOUR_MS) return `${Math.floor(whole / MINUTE_MS)} m`;
  if (whole < DAY_MS) return twoUnits(whole, [HOUR_MS, 'h'], [MINUTE_MS, 'm']);
  return twoUnits(whole, [DAY_MS, 'd'], [HOUR_MS, 'h']);
}

function twoUnits(wholeMs: number, large: readonly [number, string], small: readonly [number, string]): string {
  const rest = Math.floor((wholeMs % large[0]) / small[0]);
  const first = `${Math.floor(wholeMs / large[0])} ${large[1]}`;
  return rest === 0 ? first : `${first} ${rest} ${small[1]}`;
}

/** `2026-01-13 11:30:00 UTC+01:00 (Europe/Berlin)`; `zoneName` is an IANA name, an unknown one is taken for UTC. */
export function formatInstant(at: number, zoneName: string): string {
  const timeZone = knownZone(zoneName);
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const offset = (parts['timeZoneName'] ?? '').replace('GMT', 'UTC').replace('+00:00', '');
  const place = timeZone === 'UTC' ? '' : ` (${timeZone})`;
  const day = `${parts['year']}-${parts['month']}-${parts['day']}`;
  return `${day} ${parts['hour']}:${parts['minute']}:${parts['second']} ${offset}${place}`;
}

/** `11:30`. */
export function formatTimeOfDay(at: number, zoneName: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: knownZone(zoneName),
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
  });
  return format.format(at);
}

/** A machine whose TZ is empty or wrong has no zone that Intl takes; a mail in UTC is better than none. */
function knownZone(zoneName: string): string {
  if (!zoneName) return 'UTC';
  try {
    const resolved = new Intl.DateTimeFormat('en-GB', { timeZone: zoneName }).resolvedOptions().timeZone;
    return resolved === 'UTC' ? resolved : zoneName;
  } catch (error) {
    if (error instanceof RangeError) return 'UTC';
    throw error;
  }
}
