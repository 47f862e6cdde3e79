import type { LogLine } from '../../../answers/container.ts';

/** Lines that the page holds; what is older goes, and is counted. */
export const MAX_LINES = 1000;

export interface ShownLine extends LogLine {
  /** Never used twice. */
  readonly id: number;
}

/** The tail of a container's output. */
export interface LogBuffer {
  readonly lines: readonly ShownLine[];
  /** Held back while paused. */
  readonly waiting: readonly ShownLine[];
  readonly paused: boolean;
  readonly nextId: number;
  /** Lines that came too fast for the connection. */
  readonly skipped: number;
  /** Lines that were here and had to make room, also while paused. */
  readonly dropped: number;
}

export const emptyLog: LogBuffer = { lines: [], waiting: [], paused: false, nextId: 1, skipped: 0, dropped: 0 };

export function withLines(buffer: LogBuffer, lines: readonly LogLine[], skipped: number): LogBuffer {
  const fresh = lines.map((line, index) => ({ ...line, id: buffer.nextId + index }));
  const next = { ...buffer, nextId: buffer.nextId + lines.length, skipped: buffer.skipped + skipped };
  if (!buffer.paused) return { ...next, ...bounded(buffer.lines, fresh, buffer.dropped) };
  const { lines: waiting, dropped } = bounded(buffer.waiting, fresh, buffer.dropped);
  return { ...next, waiting, dropped };
}

export function paused(buffer: LogBuffer): LogBuffer {
  return { ...buffer, paused: true };
}

/** What came meanwhile is shown. */
export function resumed(buffer: LogBuffer): LogBuffer {
  return { ...buffer, paused: false, waiting: [], ...bounded(buffer.lines, buffer.waiting, buffer.dropped) };
}

/** A new connection begins with the last lines again: those that are here already are not repeated. */
export function reconnected(buffer: LogBuffer): LogBuffer {
  return { ...buffer, lines: [], waiting: [] };
}

function bounded(
  lines: readonly ShownLine[],
  fresh: readonly ShownLine[],
  dropped: number,
): Pick<LogBuffer, 'lines' | 'dropped'> {
  const all = [...lines, ...fresh];
  const over = Math.max(0, all.length - MAX_LINES);
  return { lines: over > 0 ? all.slice(over) : all, dropped: dropped + over };
}
