import { createCell, useCell, type Cell } from './cell.ts';

const TICK_MS = 1000;

/** The present second; one timer for the whole page. */
const now: Cell<number> = createCell(Date.now());

/** Gives back a function that ends it. A page that is not seen does not tick. */
export function startClock(): () => void {
  const timer = setInterval(tick, TICK_MS);
  document.addEventListener('visibilitychange', tick);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', tick);
  };
}

/** Epoch milliseconds, new every second. Keep the component small: it is drawn that often. */
export function useNow(): number {
  return useCell(now);
}

function tick(): void {
  if (document.visibilityState === 'visible') now.set(Date.now());
}
