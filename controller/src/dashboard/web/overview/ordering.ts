import type { LiveRow } from '../../answers/live.ts';
import { sorted, type SortOrder } from './arrange.ts';

/** Sorts all rows again and again; starting from the order of the time before makes it cheap. */
export function createOrdering(): (rows: ReadonlyMap<string, LiveRow>, order: SortOrder) => readonly LiveRow[] {
  let last: readonly LiveRow[] = [];
  return (rows, order) => {
    const known = new Set<string>();
    const present: LiveRow[] = [];
    for (const { id } of last) {
      const row = rows.get(id);
      if (row === undefined) continue;
      known.add(id);
      present.push(row);
    }
    for (const row of rows.values()) if (!known.has(row.id)) present.push(row);
    last = sorted(present, order);
    return last;
  };
}
