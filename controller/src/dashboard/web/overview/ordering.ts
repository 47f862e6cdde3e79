import type { LiveRow } from '../../answers/live.ts';
import { severityOrder, type SortColumn, type SortOrder } from './arrange.ts';
import { naturalKey } from './natural.ts';

/** A row with what it is compared by. */
interface Entry {
  readonly row: LiveRow;
  /** Host, project and name, as they sort. */
  readonly place: string;
}

export type Ordering = (
  rows: ReadonlyMap<string, LiveRow>,
  order: SortOrder,
  /** Rows stay where they are, as long as the order asked for is the same; new ones come last. */
  keepsPlaces?: boolean,
) => readonly LiveRow[];

/**
 * Sorts all rows, again and again. What a row is compared by is made once, and each time starts from the order of
 * the time before: thousands of rows then cost one comparison each.
 */
export function createOrdering(): Ordering {
  let last: readonly Entry[] = [];
  let lastOrder: SortOrder | undefined;
  return (rows, order, keepsPlaces = false) => {
    const present = last.flatMap((entry) => presentEntry(entry, rows.get(entry.row.id)));
    if (present.length < rows.size) addNew(present, rows);
    last = keepsPlaces && lastOrder === order ? present : present.sort(comparison(order));
    lastOrder = order;
    return last.map(({ row }) => row);
  };
}

function presentEntry(entry: Entry, row: LiveRow | undefined): Entry | readonly Entry[] {
  if (row === entry.row) return entry;
  if (row === undefined) return [];
  const isInPlace = row.name === entry.row.name && row.namespace === entry.row.namespace && row.host === entry.row.host;
  return isInPlace ? { row, place: entry.place } : entryOf(row);
}

function addNew(entries: Entry[], rows: ReadonlyMap<string, LiveRow>): void {
  const known = new Set(entries.map(({ row }) => row.id));
  for (const row of rows.values()) if (!known.has(row.id)) entries.push(entryOf(row));
}

function entryOf(row: LiveRow): Entry {
  const parts = [row.host, row.namespace, row.name].map(naturalKey);
  return { row, place: [...parts, row.id].join('\u0000') };
}

function comparison({ column, descending }: SortOrder): (a: Entry, b: Entry) => number {
  const compare = columns[column];
  const direction = descending ? -1 : 1;
  return (a, b) => compare(a, b, direction) || compareText(a.place, b.place);
}

type Compare = (a: Entry, b: Entry, direction: number) => number;

const columns: Readonly<Record<SortColumn, Compare>> = {
  severity: (a, b, direction) => direction * (rank(a.row) - rank(b.row)),
  name: (a, b, direction) => direction * compareText(naturalKey(a.row.name), naturalKey(b.row.name)),
  cpu: byNumber(({ cpuPercent }) => cpuPercent),
  memory: byNumber(({ memoryPercent }) => memoryPercent),
  http: byNumber(({ latencySeconds }) => latencySeconds),
  restarts: byNumber(({ restarts }) => restarts),
  up: byNumber(({ startedAt, state }) => (state === 'running' && startedAt !== null ? -startedAt : null)),
};

/** What is not known comes last, whatever the direction. */
function byNumber(read: (row: LiveRow) => number | null): Compare {
  return (a, b, direction) => {
    const left = read(a.row);
    const right = read(b.row);
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return direction * (left - right);
  };
}

/** Worst severity first; of the same, what is down before what runs. */
function rank({ severity, state }: LiveRow): number {
  return severityOrder.indexOf(severity) * 2 + (state === 'running' ? 1 : 0);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
