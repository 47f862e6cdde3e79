import type { PreviewAlert } from '../../../answers/policies.ts';
import type { TimelineSpan } from '../../charts/timeline.tsx';

/** All breaches of one rule on one target. */
export interface PreviewRow {
  readonly key: string;
  readonly rule: string;
  readonly target: string;
  readonly spans: readonly TimelineSpan[];
  /** At least one lasted long enough. */
  readonly fired: boolean;
}

/** One row a rule and target, what fires before what does not. */
export function previewRows(alerts: readonly PreviewAlert[]): readonly PreviewRow[] {
  const groups = Map.groupBy(alerts, ({ rule, target }) => `${rule}|${target}`);
  const rows = [...groups].flatMap(([key, group]): readonly PreviewRow[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { rule, target } = first;
    return [{ key, rule, target, spans: group.flatMap(spansOf), fired: group.some(({ fired }) => fired) }];
  });
  return rows.toSorted((a, b) => Number(b.fired) - Number(a.fired));
}

function spansOf({ phases, to }: PreviewAlert): readonly TimelineSpan[] {
  return phases.map(({ state, from }, index) => ({
    fromMs: from,
    toMs: phases[index + 1]?.from ?? to,
    kind: state,
    label: state === 'pending' ? 'in breach, not yet fired' : `${state} would fire`,
  }));
}
