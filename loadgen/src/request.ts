/** Requests over the pool, each from its sending to its end. */
import type { Dispatcher, Pool } from 'undici';
import { classifyFailure, type FailureKind } from './failure.ts';

export interface Ended {
  readonly status?: number | undefined;
  readonly failure?: FailureKind | undefined;
  /** Of the body, as it came over the wire. */
  readonly bytes: number;
}

export interface PendingRequest {
  /** Ends the request now, for a reason of our own; not to be called on one that has ended. */
  fail(kind: FailureKind): void;
}

/** Called exactly once, never before the request's sending has returned. */
type OnEnd = (ended: Ended) => void;

export type SendRequest = (request: Dispatcher.DispatchOptions, onEnd: OnEnd) => PendingRequest;

/** From this status on an answer is an error. */
const FIRST_ERROR_STATUS = 400;

interface Slot extends PendingRequest {
  readonly handler: Dispatcher.DispatchHandler;
  begin(onEnd: OnEnd): void;
}

/**
 * What belongs to a request is used again for later ones, but for one that was given up, of which the pool may still have something to
 * say: making it anew for each request is a fifth of the work of a fast run.
 */
export function createSender(pool: Pool): SendRequest {
  const idle: Slot[] = [];
  return (request, onEnd) => {
    const slot = idle.pop() ?? createSlot((ended) => void idle.push(ended));
    slot.begin(onEnd);
    pool.dispatch(request, slot.handler);
    return slot;
  };
}

/** @param release called with a slot whose request was answered whole */
function createSlot(release: (slot: Slot) => void): Slot {
  let controller: Dispatcher.DispatchController | undefined;
  let tell: OnEnd | undefined;
  let status: number | undefined;
  let bytes = 0;

  const fail = (failure: FailureKind): void => {
    const onEnd = tell;
    if (onEnd === undefined) return;
    tell = undefined;
    queueMicrotask(() => onEnd({ status, failure, bytes }));
  };

  const slot: Slot = {
    begin: (onEnd) => {
      tell = onEnd;
      status = undefined;
      bytes = 0;
    },
    fail: (kind) => {
      fail(kind);
      controller?.abort(new Error(kind));
    },
    handler: {
      onRequestStart: (started) => {
        controller = started;
        // It was given up while it waited for its connection.
        if (tell === undefined) started.abort(new Error('given up'));
      },
      onResponseStart: (_controller, statusCode) => {
        status = statusCode;
      },
      onResponseData: (_controller, chunk) => {
        bytes += chunk.length;
      },
      onResponseEnd: () => {
        const onEnd = tell;
        if (onEnd === undefined) return;
        tell = undefined;
        controller = undefined;
        const failure = status !== undefined && status >= FIRST_ERROR_STATUS ? 'http' : undefined;
        const ended: Ended = { status, failure, bytes };
        release(slot);
        onEnd(ended);
      },
      onResponseError: (_controller, error) => fail(classifyFailure(error)),
    },
  };
  return slot;
}
