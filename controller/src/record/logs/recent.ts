import { cleanText } from './format.ts';

/** Files whose last lines are kept in memory. */
export const recentLogs = ['metrics', 'status'] as const;
export type RecentLog = (typeof recentLogs)[number];

/** The last lines of metrics.log and status.log, of all containers and of each. */
export interface RecentEntries {
  add(log: RecentLog, line: string, key: string): void;
  lines(log: RecentLog, limit: number): readonly string[];
  entries(key: string, limit: number): readonly string[];
}

/** More than a page or a mail shows. */
const MAX_LINES = 200;
export const MAX_ENTRIES_PER_KEY = 40;

/** Past this many containers the one that was longest without an entry is forgotten. */
const MAX_KEYS = 5000;

export function createRecentEntries(): RecentEntries {
  const byLog: Record<RecentLog, string[]> = { metrics: [], status: [] };
  const byKey = new Map<string, string[]>();
  return {
    add(log, line, key) {
      pushBounded(byLog[log], line, MAX_LINES);
      const entries = byKey.get(key) ?? [];
      byKey.delete(key);
      byKey.set(key, entries);
      pushBounded(entries, line, MAX_ENTRIES_PER_KEY);
      const idlest = byKey.size > MAX_KEYS ? byKey.keys().next().value : undefined;
      if (idlest !== undefined) byKey.delete(idlest);
    },
    lines: (log, limit) => lastOf(byLog[log], limit),
    entries: (key, limit) => lastOf(byKey.get(key) ?? [], limit),
  };
}

function pushBounded(lines: string[], line: string, limit: number): void {
  lines.push(line);
  if (lines.length > limit) lines.shift();
}

function lastOf(lines: readonly string[], limit: number): readonly string[] {
  return limit > 0 ? lines.slice(-limit) : [];
}

const TIME_AND_FIELDS = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \| /;

/** A line as it stands in a file, and whose it is; undefined for what is no line of that log. */
export function parseEntry(log: RecentLog, text: string): { line: string; name: string; host: string } | undefined {
  const fields = text.split(' | ').map(cleanText);
  const name = fields[log === 'metrics' ? 4 : 3];
  const prefix = log === 'metrics' ? 'Container: ' : 'Name: ';
  if (!TIME_AND_FIELDS.test(text) || name === undefined || !name.startsWith(prefix)) return undefined;
  const host = fields.slice(5).find((field) => field.startsWith('Host: '));
  return { line: fields.join(' | '), name: name.slice(prefix.length), host: host?.slice('Host: '.length) ?? '' };
}
