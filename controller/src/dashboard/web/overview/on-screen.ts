import { useEffect, useRef } from 'preact/hooks';
import { MAX_SCREEN_IDS } from '../../answers/live.ts';
import { connection, showOnScreen } from '../live/live.ts';
import type { Line } from './arrange.ts';
import { askUptimes } from './uptime.ts';

/** A scroll passes many lines; only where it rests is told. */
const REST_MS = 150;
const UPTIME_EVERY_MS = 60_000;

/** Tells the controller which rows are on screen, and asks for their uptime. */
export function useOnScreen(lines: readonly Line[]): void {
  const ids = lines.flatMap((line) => (line.kind === 'row' ? [line.row.id] : [])).slice(0, MAX_SCREEN_IDS);
  // The order on screen does not matter to the controller: a change of it alone is not told.
  const told = ids.toSorted().join('\n');
  const latest = useRef(ids);
  latest.current = ids;
  useEffect(() => {
    const timer = setTimeout(() => {
      showOnScreen({ ids: latest.current, lines: true });
      void askUptimes(latest.current, Date.now());
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [told]);
  useEffect(() => {
    const ask = (): void => void askUptimes(latest.current, Date.now());
    const timer = setInterval(ask, UPTIME_EVERY_MS);
    const unfollow = connection.follow(ask);
    return () => {
      clearInterval(timer);
      unfollow();
    };
  }, []);
  useEffect(() => () => showOnScreen({ ids: [] }), []);
}
