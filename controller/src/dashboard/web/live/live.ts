import type { ScreenRequest } from '../../answers/live.ts';
import { askSession, post } from '../api.ts';
import { createCell, useCell, type Cell } from '../cell.ts';
import { createBatch } from './frame.ts';
import { createLiveClient, type Connection, type LiveClient, type Source } from './live-client.ts';
import { applyUpdates, type LiveUpdate, type LiveView } from './live-view.ts';

/** How old the newest data was when it came, and when that was by the clock of the page. */
export interface Freshness {
  readonly ageMs: number;
  readonly heardAt: number;
}

/** Undefined until the first state has come. */
export const liveView: Cell<LiveView | undefined> = createCell<LiveView | undefined>(undefined);
export const connection: Cell<Connection> = createCell<Connection>({ state: 'connecting' });
export const freshness: Cell<Freshness | undefined> = createCell<Freshness | undefined>(undefined);

/** A page that is open is in use, though it only listens: its session is asked for before it counts as idle. */
const SESSION_EVERY_MS = 30 * 60_000;

let client: LiveClient | undefined;

export function useLiveView(): LiveView | undefined {
  return useCell(liveView);
}

/** Follows the controller; gives back a function that ends it. */
export function startLive(): () => void {
  const batch = createBatch<LiveUpdate>((updates) => liveView.set(applyUpdates(liveView.get(), updates)));
  const started = createLiveClient({
    open: (address) => new EventSource(address) satisfies Source,
    post(path, body) {
      void post<void>(path, body);
    },
    now: () => Date.now(),
    update: batch.add,
    connection: connection.set,
    heard: (ageMs) => freshness.set({ ageMs, heardAt: Date.now() }),
    refused() {
      void askSession();
    },
  });
  client = started;
  started.start();
  const look = (): void => {
    if (document.visibilityState === 'visible') started.look();
  };
  const using = setInterval(() => void askSession(), SESSION_EVERY_MS);
  document.addEventListener('visibilitychange', look);
  globalThis.addEventListener('online', look);
  return () => {
    clearInterval(using);
    document.removeEventListener('visibilitychange', look);
    globalThis.removeEventListener('online', look);
    started.stop();
    batch.stop();
    client = undefined;
  };
}

/** Only what is on screen gets sparklines and quick updates. */
export function showOnScreen(screen: ScreenRequest): void {
  client?.show(screen);
}
