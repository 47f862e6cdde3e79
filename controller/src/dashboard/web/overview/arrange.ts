import type { LiveRow } from '../../answers/live.ts';
import { compareNaturally } from './natural.ts';

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

/** A new array. Nearly sorted input, as of the second before, costs one comparison a row. */
export function sorted(rows: readonly LiveRow[], order: SortOrder): LiveRow[] {
  return [...rows].sort(comparison(order));
}

/** Groups in the order of their first rows: the group with the worst container is the first. */
export function arrange(rows: readonly LiveRow[], collapsed: ReadonlySet<string>, isGrouped: boolean): readonly Line[] {
  if (!isGrouped) return rows.map(rowLine);
  const groups = new Map<string, LiveRow[]>();
  for (const row of rows) {
    const key = groupKey(row);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [row]);
    else members.push(row);
  }
  return [...groups].flatMap(([key, members]) => groupLines(key, members, collapsed.has(key)));
}

export function groupKey({ host, namespace }: Pick<LiveRow, 'host' | 'namespace'>): string {
  return `${host}/${namespace}`;
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

function groupLines(key: string, members: readonly LiveRow[], isCollapsed: boolean): readonly Line[] {
  const first = members[0];
  if (first === undefined) return [];
  const group = { key, host: first.host, namespace: first.namespace, isCollapsed, totals: totalsOf(members) };
  return [{ kind: 'group', key: `group:${key}`, group }, ...(isCollapsed ? [] : members.map(rowLine))];
}

function rowLine(row: LiveRow): Line {
  return { kind: 'row', key: row.id, row };
}

type Comparison = (a: LiveRow, b: LiveRow) => number;

function comparison({ column, descending }: SortOrder): Comparison {
  const compare = columns[column];
  const direction = descending ? -1 : 1;
  return (a, b) => compare(a, b, direction) || byPlace(a, b);
}

const columns: Readonly<Record<SortColumn, (a: LiveRow, b: LiveRow, direction: number) => number>> = {
  severity: (a, b, direction) => direction * (rank(a) - rank(b)),
  name: (a, b, direction) => direction * compareNaturally(a.name, b.name),
  cpu: byNumber(({ cpuPercent }) => cpuPercent),
  memory: byNumber(({ memoryPercent }) => memoryPercent),
  http: byNumber(({ latencySeconds }) => latencySeconds),
  restarts: byNumber(({ restarts }) => restarts),
  up: byNumber(({ startedAt, state }) => (state === 'running' && startedAt !== null ? -startedAt : null)),
};

/** What is not known comes last, whatever the direction. */
function byNumber(read: (row: LiveRow) => number | null): (a: LiveRow, b: LiveRow, direction: number) => number {
  return (a, b, direction) => {
    const left = read(a);
    const right = read(b);
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return direction * (left - right);
  };
}

/** Worst severity first; of the same, what is down before what runs. */
function rank({ severity, state }: LiveRow): number {
  return severityOrder.indexOf(severity) * 2 + (state === 'running' ? 1 : 0);
}

function byPlace(a: LiveRow, b: LiveRow): number {
  return (
    compareNaturally(a.host, b.host) ||
    compareNaturally(a.namespace, b.namespace) ||
    compareNaturally(a.name, b.name) ||
    (a.id < b.id ? -1 : 1)
  );
}
