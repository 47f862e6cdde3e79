import type { LiveChange, LiveRow, LiveScreen, LiveSections, LiveState, ScreenRow } from '../../answers/live.ts';

/** All that the page knows. What has not changed keeps its identity, so that it is not drawn again. */
export interface LiveView extends LiveSections {
  /** When the controller last looked, by its clock. */
  readonly at: number;
  readonly rows: ReadonlyMap<string, LiveRow>;
  /** What the rows on screen show beyond the others. */
  readonly screen: ReadonlyMap<string, ScreenRow>;
  readonly metricsLines: readonly string[];
  readonly statusLines: readonly string[];
}

/** One event of the stream that says something about the containers. */
export type LiveUpdate =
  | { readonly kind: 'state'; readonly data: LiveState }
  | { readonly kind: 'change'; readonly data: LiveChange }
  | { readonly kind: 'screen'; readonly data: LiveScreen };

/** Rows of the screen that are remembered, for a scroll back; the oldest are forgotten. */
const MAX_SCREEN_ROWS = 600;

/** The view after some updates, oldest first. A change without a state before it says nothing. */
export function applyUpdates(before: LiveView | undefined, updates: readonly LiveUpdate[]): LiveView | undefined {
  return updates.reduce(applyUpdate, before);
}

function applyUpdate(view: LiveView | undefined, update: LiveUpdate): LiveView | undefined {
  if (update.kind === 'state') return fromState(update.data, view);
  if (view === undefined) return undefined;
  return update.kind === 'change' ? applyChange(view, update.data) : applyScreen(view, update.data);
}

function fromState({ rows, ...sections }: LiveState, before: LiveView | undefined): LiveView {
  const present = new Map(rows.map((row) => [row.id, row]));
  return {
    ...sections,
    rows: present,
    screen: new Map([...(before?.screen ?? [])].filter(([id]) => present.has(id))),
    metricsLines: before?.metricsLines ?? [],
    statusLines: before?.statusLines ?? [],
  };
}

function applyChange(view: LiveView, { rows, readings, removed, ...sections }: LiveChange): LiveView {
  if (rows === undefined && readings === undefined && removed === undefined) return { ...view, ...sections };
  const present = new Map(view.rows);
  for (const id of removed ?? []) present.delete(id);
  for (const row of rows ?? []) present.set(row.id, row);
  for (const reading of readings ?? []) {
    const row = present.get(reading.id);
    if (row !== undefined) present.set(reading.id, { ...row, ...reading });
  }
  return { ...view, ...sections, rows: present };
}

function applyScreen(view: LiveView, { rows, metricsLines, statusLines }: LiveScreen): LiveView {
  const screen = new Map(view.screen);
  for (const row of rows) {
    screen.delete(row.id);
    screen.set(row.id, row);
  }
  for (const id of screen.keys()) {
    if (screen.size <= MAX_SCREEN_ROWS) break;
    screen.delete(id);
  }
  return {
    ...view,
    screen,
    metricsLines: metricsLines ?? view.metricsLines,
    statusLines: statusLines ?? view.statusLines,
  };
}
