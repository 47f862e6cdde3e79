import type { LogEnd, LogLines } from '../../../answers/container.ts';
import { address } from '../../api.ts';

/** How the tail stands. `over`: it ended for the reason said, and is asked for again when `retries`. */
export type LogState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'over'; readonly message: string; readonly retries: boolean };

export interface LogListener {
  /** A connection stands: it begins with the last lines, whatever came before. */
  opened(): void;
  lines(lines: LogLines): void;
  state(state: LogState): void;
}

const TAIL_LINES = 500;
const RETRY_MS = 5000;
const CLOSED = 2;

/** Follows the output of a container, over breaks and restarts; gives back a function that ends it. */
export function followLog(target: string, listener: LogListener): () => void {
  let source: EventSource | undefined;
  let retry: number | undefined;
  let isStopped = false;

  function connect(): void {
    if (isStopped) return;
    listener.state({ kind: 'connecting' });
    const opened = new EventSource(address('api/container/log', { target, tail: TAIL_LINES }));
    source = opened;
    opened.addEventListener('open', () => {
      listener.opened();
      listener.state({ kind: 'live' });
    });
    opened.addEventListener('lines', (event: MessageEvent<string>) => {
      listener.lines(JSON.parse(event.data) as LogLines);
    });
    opened.addEventListener('end', (event: MessageEvent<string>) => {
      const { reason, message } = JSON.parse(event.data) as LogEnd;
      const retries = reason !== 'unavailable' && reason !== 'signedOut';
      listener.state({ kind: 'over', message, retries });
      opened.close();
      if (retries) again();
    });
    opened.addEventListener('error', () => {
      if (source !== opened || isStopped) return;
      listener.state({ kind: 'lost' });
      // Otherwise it connects again by itself.
      if (opened.readyState === CLOSED) again();
    });
  }

  function again(): void {
    clearTimeout(retry);
    retry = window.setTimeout(connect, RETRY_MS);
  }

  connect();
  return () => {
    isStopped = true;
    clearTimeout(retry);
    source?.close();
  };
}
