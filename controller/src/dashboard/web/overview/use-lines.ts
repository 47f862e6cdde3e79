import { useMemo, useState } from 'preact/hooks';
import type { LiveView } from '../live/live-view.ts';
import { arrange, isRestless, type Line, type SortOrder } from './arrange.ts';
import { parseFilter, type Filter } from './filter.ts';
import { createOrdering } from './ordering.ts';

export interface Lines {
  readonly lines: readonly Line[];
  /** Rows that pass the filter, folded away or not. */
  readonly found: number;
  readonly filter: Filter;
}

/** From rows to lines: sorted, filtered, grouped, folded. */
export function useLines(
  rows: LiveView['rows'],
  choice: {
    readonly filterText: string;
    readonly order: SortOrder;
    readonly isGrouped: boolean;
    readonly collapsed: ReadonlySet<string>;
    /** Whether somebody is about to point at a row. */
    readonly isPointedAt: boolean;
  },
): Lines {
  const { filterText, order, isGrouped, collapsed, isPointedAt } = choice;
  const [ordering] = useState(createOrdering);
  const filter = useMemo(() => parseFilter(filterText), [filterText]);
  const ordered = useMemo(
    () => ordering(rows, order, isRestless(order) && isPointedAt),
    [ordering, rows, order, isPointedAt],
  );
  const found = useMemo(() => (filter.isEmpty ? ordered : ordered.filter(filter.matches)), [ordered, filter]);
  const lines = useMemo(
    // Who searches wants to see what is found.
    () => arrange(found, filter.isEmpty ? collapsed : none, isGrouped),
    [found, filter, collapsed, isGrouped],
  );
  return { lines, found: found.length, filter };
}

const none: ReadonlySet<string> = new Set();
