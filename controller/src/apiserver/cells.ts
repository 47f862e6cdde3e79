import type { PrinterColumn } from './kind.ts';

const SECOND = 1;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/**
 * A duration as kubectl shows it: `5s`, `3m10s`, `5m`, `2h5m`, `8h`, `2d1h`, `8d`, `3y4d`. The same bounds as
 * HumanDuration of k8s.io/apimachinery/pkg/util/duration.
 */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  if (seconds < 10 * MINUTE) return pair(seconds, [MINUTE, 'm'], [SECOND, 's']);
  if (seconds < 3 * HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < 8 * HOUR) return pair(seconds, [HOUR, 'h'], [MINUTE, 'm']);
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)}h`;
  if (seconds < 8 * DAY) return pair(seconds, [DAY, 'd'], [HOUR, 'h']);
  if (seconds < 2 * YEAR) return `${Math.floor(seconds / DAY)}d`;
  if (seconds < 8 * YEAR) return pair(seconds, [YEAR, 'y'], [DAY, 'd']);
  return `${Math.floor(seconds / YEAR)}y`;
}

type Unit = readonly [seconds: number, letter: string];

function pair(seconds: number, [big, bigLetter]: Unit, [small, smallLetter]: Unit): string {
  const rest = Math.floor((seconds % big) / small);
  const whole = `${Math.floor(seconds / big)}${bigLetter}`;
  return rest === 0 ? whole : `${whole}${rest}${smallLetter}`;
}

/** How long ago an RFC 3339 time was; `<unknown>` where there is none, `<invalid>` for what is no time. */
export function ageOf(time: unknown, nowMs: number): string {
  if (time === undefined || time === null) return '<unknown>';
  const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? '<invalid>' : humanDuration(nowMs - at);
}

/** The cell of a column of a custom resource, by the type of the column; null when value and type do not fit. */
export function cellOf(value: unknown, type: string, nowMs: number): unknown {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return ageOf(value, nowMs);
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

/** A column of a built-in kind. */
export function textColumn(
  name: string,
  cell: PrinterColumn['cell'],
  change: Partial<Omit<PrinterColumn, 'name' | 'cell'>> = {},
): PrinterColumn {
  return { name, type: 'string', format: '', description: `${name} of the object.`, priority: 0, ...change, cell };
}

export const ageColumn: PrinterColumn = textColumn(
  'Age',
  (object, nowMs) => ageOf(object.metadata.creationTimestamp, nowMs),
  { type: 'date', description: 'When the object was made.' },
);
