import type { ViewChange } from '../live-changes.ts';
import type { DashboardView } from '../view.ts';

/** Whether what is on the page is the present. */
export type Connection = 'connecting' | 'live' | 'lost';

/** Nothing heard for so long means the connection is dead, whatever the browser says (laptop sleep). */
const SILENCE_MS = 40_000;
const CHECK_EVERY_MS = 5000;
const RECONNECT_MS = 2000;

export interface Listener {
  view(view: DashboardView): void;
  connection(connection: Connection): void;
}

/** Follows /api/live; gives back a function that ends it. Every reconnect starts from a full state. */
export function follow(listener: Listener): () => void {
  let source = new EventSource('./api/live');
  let view: DashboardView | undefined;
  let heardAt = Date.now();
  let retry: number | undefined;

  function heard(): void {
    heardAt = Date.now();
    listener.connection('live');
  }

  function listen(): void {
    source.addEventListener('state', (event) => {
      view = JSON.parse(event.data) as DashboardView;
      heard();
      listener.view(view);
    });
    source.addEventListener('change', (event) => {
      if (view === undefined) return;
      view = applyChange(view, JSON.parse(event.data) as ViewChange);
      heard();
      listener.view(view);
    });
    source.addEventListener('alive', heard);
    source.addEventListener('error', () => {
      listener.connection('lost');
      if (source.readyState === EventSource.CLOSED) reconnectSoon();
    });
  }

  function reconnectSoon(): void {
    source.close();
    clearTimeout(retry);
    retry = window.setTimeout(() => {
      heardAt = Date.now();
      source = new EventSource('./api/live');
      listen();
    }, RECONNECT_MS);
  }

  const watch = window.setInterval(() => {
    if (Date.now() - heardAt < SILENCE_MS) return;
    heardAt = Date.now();
    listener.connection('lost');
    reconnectSoon();
  }, CHECK_EVERY_MS);

  listen();
  return () => {
    clearInterval(watch);
    clearTimeout(retry);
    source.close();
  };
}

const severityOrder = ['critical', 'warning', 'unknown', 'info', 'ok'];

/** The view after a change: changed containers replace or join the others, worst first. */
export function applyChange(view: DashboardView, change: ViewChange): DashboardView {
  const { containers = [], removed = [], ...sections } = change;
  const gone = new Set([...removed, ...containers.map(({ id }) => id)]);
  const merged = [...view.containers.filter(({ id }) => !gone.has(id)), ...containers];
  merged.sort(
    (a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity) || a.id.localeCompare(b.id),
  );
  return { ...view, ...sections, containers: merged };
}
