import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { get, type RequestOptions } from '../api.ts';

/** What was asked for, as far as it is known. The last answer stays while a newer one is on its way or fails. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  /** Why the newest request failed. */
  readonly error: string | undefined;
  /** Status of HTTP of that; 0 when no answer came. */
  readonly status: number | undefined;
  reload(): void;
}

interface State<Value> {
  readonly address: string;
  readonly value: Value | undefined;
  readonly error: string | undefined;
  readonly status: number | undefined;
}

/**
 * Asks when the path or the query changes, and again every `everyMs` while the page is seen. An answer to an older
 * question is dropped; with `keepsOld` it stays until the new one is there, for a range that moves with the time.
 */
export function useAnswer<Value>(
  path: string,
  query: NonNullable<RequestOptions['query']> = {},
  everyMs?: number,
  keepsOld = false,
): Loaded<Value> {
  const address = JSON.stringify([path, query]);
  const nothing: State<Value> = { address, value: undefined, error: undefined, status: undefined };
  const [state, setState] = useState<State<Value>>(nothing);
  const asking = useRef<AbortController | undefined>(undefined);

  const ask = useCallback(async () => {
    asking.current?.abort();
    const abort = new AbortController();
    asking.current = abort;
    const answer = await get<Value>(path, { query, signal: abort.signal });
    if (abort.signal.aborted) return;
    setState((before) =>
      answer.ok
        ? { address, value: answer.value, error: undefined, status: undefined }
        : {
            address,
            value: keepsOld || before.address === address ? before.value : undefined,
            error: answer.error,
            status: answer.status,
          },
    );
  }, [address]);

  useEffect(() => {
    void ask();
    const timer = everyMs === undefined ? undefined : setInterval(() => isSeen() && void ask(), everyMs);
    return () => {
      clearInterval(timer);
      asking.current?.abort();
    };
  }, [ask, everyMs]);

  const known = keepsOld || state.address === address ? state : nothing;
  return { value: known.value, error: known.error, status: known.status, reload: () => void ask() };
}

function isSeen(): boolean {
  return document.visibilityState === 'visible';
}
