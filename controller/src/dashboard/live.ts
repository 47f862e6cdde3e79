import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import { viewChange } from './live-changes.ts';
import { dashboardView, type DashboardView } from './view.ts';
import type { DashboardReader } from './reader.ts';

/** How often the view is compared; only what changed is sent. */
const LOOK_EVERY_MS = 1000;
/** Without a change, a comment keeps proxies and the page from taking silence for death. */
const HEARTBEAT_EVERY_MS = 15_000;
const MAX_CLIENTS = 200;
/** A client that lets more than this pile up is cut off; it reconnects and gets a full state. */
const MAX_UNSENT_BYTES = 2_000_000;

export interface Live {
  /** Takes over a response and streams to it. False when there are too many. */
  add(response: ServerResponse): boolean;
  clients(): number;
  start(): void;
  stop(): Promise<void>;
}

/** Server-sent events: the whole state first, then changes. One look serves all clients. */
export function createLive(deps: { readonly reader: DashboardReader; readonly clock: Clock; readonly log: Log }): Live {
  const clients = new Set<ServerResponse>();
  const abort = new AbortController();
  let last: DashboardView | undefined;
  let lastSentAt = 0;
  let running: Promise<void> | undefined;

  function look(): void {
    const view = dashboardView(deps.reader);
    const change = last === undefined ? undefined : viewChange(last, view);
    last = view;
    if (change !== undefined) broadcast(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
    else if (deps.clock.now() - lastSentAt >= HEARTBEAT_EVERY_MS) broadcast(`event: alive\ndata: ${view.at}\n\n`);
  }

  function broadcast(text: string): void {
    lastSentAt = deps.clock.now();
    for (const client of clients) {
      if (client.writableLength > MAX_UNSENT_BYTES) client.destroy();
      else client.write(text);
    }
  }

  async function run(): Promise<void> {
    while (!abort.signal.aborted) {
      await deps.clock.sleep(LOOK_EVERY_MS, abort.signal);
      try {
        if (clients.size > 0) look();
        else last = undefined;
      } catch (error) {
        deps.log.error({ error: errorMessage(error) }, 'the live view could not be made');
      }
    }
  }

  return {
    add(response) {
      if (clients.size >= MAX_CLIENTS) return false;
      last ??= dashboardView(deps.reader);
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(`retry: 2000\nevent: state\ndata: ${JSON.stringify(last)}\n\n`);
      clients.add(response);
      response.on('close', () => clients.delete(response));
      return true;
    },
    clients: () => clients.size,
    start() {
      running ??= run().catch((error: unknown) => {
        if (!abort.signal.aborted) throw error;
      });
    },
    async stop() {
      abort.abort();
      for (const client of clients) client.end();
      await running;
    },
  };
}
