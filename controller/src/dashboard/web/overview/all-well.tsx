import { useCell } from '../cell.ts';
import { connection } from '../live/live.ts';
import type { LiveView } from '../live/live-view.ts';
import { Mark } from '../parts/mark.tsx';

/** One quiet line when there is nothing to do; nothing at all otherwise. */
export function AllWell({ view }: { readonly view: LiveView }) {
  const { state } = useCell(connection);
  if (state !== 'live' || !isAllWell(view)) return null;
  const count = view.rows.size;
  return (
    <p class="all-well ok">
      <Mark kind="ok" /> all well: {count === 1 ? 'the container is' : `all ${count} containers are`} up, nothing fires
    </p>
  );
}

export function isAllWell({ rows, alerts, problems, hosts }: LiveView): boolean {
  return (
    rows.size > 0 &&
    problems.length === 0 &&
    hosts.every(({ reachable }) => reachable) &&
    !alerts.some(({ state }) => state === 'firing') &&
    [...rows.values()].every(({ state }) => state === 'running')
  );
}
