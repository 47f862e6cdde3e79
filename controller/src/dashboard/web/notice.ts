import { createCell, type Cell } from './cell.ts';

/** What came of something that the person did; shown at the foot of the page for a while. */
export interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'failed';
  readonly text: string;
  /** Takes it back. */
  readonly undo?: (() => void) | undefined;
}

/** The oldest go. */
const MAX_NOTICES = 4;
const SHOWN_MS = 8000;
/** A refusal is read more slowly, and a way back must be reachable. */
const SHOWN_LONG_MS = 20_000;

export const notices: Cell<readonly Notice[]> = createCell<readonly Notice[]>([]);
let lastId = 0;

/** `tell({ kind: 'done', text: 'silenced for 1 h', undo })`. */
export function tell(notice: Omit<Notice, 'id'>): void {
  lastId += 1;
  const id = lastId;
  notices.set([...notices.get(), { ...notice, id }].slice(-MAX_NOTICES));
  const isLong = notice.kind === 'failed' || notice.undo !== undefined;
  setTimeout(() => dismiss(id), isLong ? SHOWN_LONG_MS : SHOWN_MS);
}

export function dismiss(id: number): void {
  notices.set(notices.get().filter((notice) => notice.id !== id));
}
