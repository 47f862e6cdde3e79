import type { LiveRow } from '../../answers/live.ts';

export const sortColumns = ['severity', 'name', 'cpu', 'memory', 'http', 'restarts', 'up'] as const;
export type SortColumn = (typeof sortColumns)[number];

export interface SortOrder {
  readonly column: SortColumn;
  /** Names from z, numbers from the highest. */
  readonly descending: boolean;
}

/** One line of the list. */
export type Line =
  | { readonly kind: 'group'; readonly key: string; readonly group: Group }
  | { readonly kind: 'row'; readonly key: string; readonly row: LiveRow };

export interface Group {
  /** `host/namespace`. */
  readonly key: string;
  readonly host: string;
  /** Compose project or namespace; empty for containers of none. */
  readonly namespace: string;
  readonly isCollapsed: boolean;
  readonly totals: Totals;
}

export interface Totals {
  readonly containers: number;
  readonly up: number;
  readonly bySeverity: Readonly<Record<LiveRow['severity'], number>>;
}

/** Worst first, as the words stand in the filter. */
export const severityOrder: readonly LiveRow['severity'][] = ['critical', 'warning', 'unknown', 'info', 'ok'];

/** Columns of readings, which are others with each look. */
const readingColumns: readonly SortColumn[] = ['cpu', 'memory', 'http'];

/** Whether rows change places all the time in this order, so that nobody could point at one. */
export function isRestless({ column }: SortOrder): boolean {
  return readingColumns.includes(column);
}

const byWorst: SortOrder = { column: 'severity', descending: false };

/** `?sort=-cpu`; anything else is worst first. */
export function readSort(text: string | undefined): SortOrder {
  const descending = text?.startsWith('-') === true;
  const column = sortColumns.find((known) => known === text?.replace(/^-/, ''));
  return column === undefined ? byWorst : { column, descending };
}

/** Undefined for the order that needs no words. */
export function sortText({ column, descending }: SortOrder): string | undefined {
  if (column === 'severity' && !descending) return undefined;
  return `${descending ? '-' : ''}${column}`;
}

/** What a click on a column head does: numbers start at the highest, names and severity at the first. */
export function nextSort(present: SortOrder, column: SortColumn): SortOrder {
  if (present.column === column) return { column, descending: !present.descending };
  return { column, descending: column !== 'name' && column !== 'severity' };
}

/** Groups in the order of their first rows: the group with the worst container is the first. */
export function arrange(rows: readonly LiveRow[], collapsed: ReadonlySet<string>, isGrouped: boolean): readonly Line[] {
  if (!isGrouped) return rows.map(rowLine);
  const lines: Line[] = [];
  for (const [key, members] of groupsOf(rows)) addGroup(lines, key, members, collapsed.has(key));
  return lines;
}

export function groupKey({ host, namespace }: Pick<LiveRow, 'host' | 'namespace'>): string {
  return `${host}/${namespace}`;
}

function groupsOf(rows: readonly LiveRow[]): ReadonlyMap<string, LiveRow[]> {
  const groups = new Map<string, LiveRow[]>();
  let before: LiveRow | undefined;
  let members: LiveRow[] = [];
  for (const row of rows) {
    // Neighbours are mostly of one group: the key is then not made again.
    if (before?.host !== row.host || before.namespace !== row.namespace) {
      const key = groupKey(row);
      members = groups.get(key) ?? [];
      groups.set(key, members);
    }
    members.push(row);
    before = row;
  }
  return groups;
}

export function totalsOf(rows: Iterable<LiveRow>): Totals {
  const bySeverity = { critical: 0, warning: 0, unknown: 0, info: 0, ok: 0 };
  let containers = 0;
  let up = 0;
  for (const row of rows) {
    containers += 1;
    if (row.state === 'running') up += 1;
    bySeverity[row.severity] += 1;
  }
  return { containers, up, bySeverity };
}

function addGroup(lines: Line[], key: string, members: readonly LiveRow[], isCollapsed: boolean): void {
  const first = members[0];
  if (first === undefined) return;
  const group = { key, host: first.host, namespace: first.namespace, isCollapsed, totals: totalsOf(members) };
  lines.push({ kind: 'group', key: `group:${key}`, group });
  if (!isCollapsed) for (const row of members) lines.push(rowLine(row));
}

function rowLine(row: LiveRow): Line {
  return { kind: 'row', key: row.id, row };
}
