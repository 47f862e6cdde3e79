/** Requests over the target's connections, each from its sending to its end. */
import type { RequestContent } from './request-source.ts';
import { classifyFailure, type FailureKind } from './failure.ts';
import type { WireRequest } from './lane.ts';
import type { Lanes } from './lanes.ts';

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

export type SendRequest = (request: RequestContent, onEnd: OnEnd) => PendingRequest;

/** From this status on an answer is an error. */
const FIRST_ERROR_STATUS = 400;

export interface RequestFrame {
  /** What requests say they are for, unless they say something else. */
  readonly host: string;
  /** false: the server is asked to close the connection after its answer. */
  readonly isKeptAlive: boolean;
}

export function createSender(lanes: Lanes, frame: RequestFrame): SendRequest {
  const written = new WeakMap<RequestContent, WireRequest>();
  const toWire = (request: RequestContent): WireRequest => {
    const known = written.get(request);
    if (known !== undefined) return known;
    const wire = writeRequest(request, frame);
    written.set(request, wire);
    return wire;
  };
  return (request, onEnd) => {
    let tell: OnEnd | undefined = onEnd;
    const end = (ended: Ended): void => {
      const told = tell;
      tell = undefined;
      told?.(ended);
    };
    const giveUp = lanes.send(toWire(request), {
      answered: (status, bytes) => end({ status, failure: status >= FIRST_ERROR_STATUS ? 'http' : undefined, bytes }),
      broke: (error, status, bytes) => end({ status, failure: classifyFailure(error), bytes }),
    });
    return {
      fail(kind) {
        const told = tell;
        let came: Ended = { bytes: 0 };
        tell = (ended) => {
          came = ended;
        };
        giveUp();
        queueMicrotask(() => told?.({ ...came, failure: kind }));
      },
    };
  };
}

/** The bytes of a request (RFC 9112); header values were checked when the plan was read. */
function writeRequest(
  { method, path, headers, body }: RequestContent,
  { host, isKeptAlive }: RequestFrame,
): WireRequest {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(names.includes('host') ? [] : [`host: ${host}`]),
    `connection: ${isKeptAlive ? 'keep-alive' : 'close'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === null && !hasBodyByNature(method) ? [] : [`content-length: ${body?.length ?? 0}`]),
  ];
  return { head: `${lines.join('\r\n')}\r\n\r\n`, body, isHead: method === 'HEAD' };
}

/** Servers expect a length with these, though it be none. */
function hasBodyByNature(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}
