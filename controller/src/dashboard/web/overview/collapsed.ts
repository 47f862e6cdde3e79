import { createCell, type Cell } from '../cell.ts';

const STORAGE_KEY = 'foghorn.collapsed';
/** Those of groups that are long gone are forgotten. */
const MAX_KEPT = 200;

/** Keys of the groups that are folded away; kept over a reload. */
export const collapsed: Cell<ReadonlySet<string>> = createCell(stored());

export function toggleCollapsed(key: string): void {
  const next = new Set(collapsed.get());
  if (!next.delete(key)) next.add(key);
  collapsed.set(next);
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify([...next].slice(-MAX_KEPT)));
  } catch {
    // Storage is forbidden or full: it lasts as long as the page.
  }
}

function stored(): ReadonlySet<string> {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return new Set(Array.isArray(parsed) ? parsed.filter((key) => typeof key === 'string') : []);
  } catch {
    return new Set();
  }
}
