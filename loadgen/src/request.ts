/** One request over the pool, from its sending to its end. */
import type { Dispatcher, Pool } from 'undici';
import { classifyFailure, type FailureKind } from './failure.ts';

export interface Ended {
  readonly status?: number;
  readonly failure?: FailureKind;
  /** Of the body, as it came over the wire. */
  readonly bytes: number;
}

export interface PendingRequest {
  /** Ends the request now, for a reason of our own; without effect on one that has ended. */
  fail(kind: FailureKind): void;
}

/** From this status on an answer is an error. */
const FIRST_ERROR_STATUS = 400;

/** @param onEnd called exactly once, never before this function has returned */
export function sendRequest(
  pool: Pool,
  request: Dispatcher.DispatchOptions,
  onEnd: (ended: Ended) => void,
): PendingRequest {
  let controller: Dispatcher.DispatchController | undefined;
  let isOver = false;
  let status: number | undefined;
  let bytes = 0;

  const fail = (failure: FailureKind): void => {
    if (isOver) return;
    isOver = true;
    queueMicrotask(() => onEnd({ ...(status !== undefined && { status }), failure, bytes }));
  };

  pool.dispatch(request, {
    onRequestStart: (started) => {
      controller = started;
      // It was given up while it waited for its connection.
      if (isOver) started.abort(new Error('given up'));
    },
    onResponseStart: (_controller, statusCode) => {
      status = statusCode;
    },
    onResponseData: (_controller, chunk) => {
      bytes += chunk.length;
    },
    onResponseEnd: () => {
      if (isOver) return;
      isOver = true;
      if (status === undefined || status < FIRST_ERROR_STATUS)
        onEnd({ ...(status !== undefined && { status }), bytes });
      else onEnd({ status, failure: 'http', bytes });
    },
    onResponseError: (_controller, error) => fail(classifyFailure(error)),
  });

  return {
    fail: (kind) => {
      fail(kind);
      controller?.abort(new Error(kind));
    },
  };
}
