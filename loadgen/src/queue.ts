/** What is due, what is on its way, what waits. Knows no clock: times are ms since the start of the run. */
import { createBacklog, type Backlog, type DueRequest } from './backlog.ts';
import type { FailureKind } from './failure.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import type { Plan } from './plan.ts';
import type { Ended, PendingRequest } from './request.ts';

/** The fate of one request; times are in ms since the start of the run. */
export interface RequestResult extends Ended, DueRequest {
  readonly endpoint: number;
  /** Absent: it was never sent, as no connection became free in time. */
  readonly sentAtMs?: number | undefined;
  readonly endedAtMs: number;
}

export interface QueueOptions {
  readonly plan: Plan;
  readonly concurrency: number;
  /** A request fails that waits this long for a connection, or this long for its answer. */
  readonly timeoutMs: number;
  /** The index of the endpoint of the next request. */
  readonly pick: () => number;
  /** Starts a request; `onEnd` is called once, later, with the time. */
  readonly send: (endpoint: number, onEnd: (ended: Ended, endedAtMs: number) => void) => PendingRequest;
  /** Told of every request that is sent, before its result. */
  readonly onSent?: ((sentAtMs: number) => void) | undefined;
  readonly onResult: (result: RequestResult) => void;
}

export interface Queue {
  /** Sends what is due, as far as connections are free; fails what has waited or run too long. */
  advance(nowMs: number): void;
  /** From now on nothing is sent. */
  stop(): void;
  failInFlight(kind: FailureKind): void;
  inFlight(): number;
  /** Nothing more will be sent. */
  isDrained(): boolean;
  /** When `advance` is needed next at the latest; Infinity when there is nothing to wait for. */
  nextEventAt(nowMs: number): number;
}

export function createQueue(options: QueueOptions): Queue {
  const { concurrency, timeoutMs } = options;
  const backlog = createBacklog(options.plan);
  /** In the order of sending, which is the order of the deadlines. */
  const inFlight = createInFlight();
  let isStopped = false;

  const send = (due: DueRequest, sentAtMs: number): void => {
    const endpoint = options.pick();
    const flight = inFlight.add(sentAtMs + timeoutMs);
    flight.pending = options.send(endpoint, ({ status, failure, bytes }, endedAtMs) => {
      inFlight.remove(flight);
      const { dueAtMs, isLate } = due;
      options.onResult({ endpoint, dueAtMs, isLate, sentAtMs, endedAtMs, status, failure, bytes });
      const wasFull = inFlight.size() === concurrency - 1;
      if (!wasFull) return;
      backlog.markLate(endedAtMs);
      sendDue(endedAtMs);
    });
    options.onSent?.(sentAtMs);
  };

  const sendDue = (nowMs: number): void => {
    if (isStopped) return;
    if (inFlight.size() >= concurrency) backlog.markLate(nowMs);
    giveUpWaiting(backlog, options, nowMs);
    while (inFlight.size() < concurrency) {
      const due = backlog.takeDue(nowMs);
      if (due === undefined) return;
      send(due, nowMs);
    }
    backlog.markLate(nowMs);
  };

  const isDrained = (): boolean => isStopped || backlog.nextDueAt() === Infinity;

  return {
    advance: (nowMs) => {
      failOverdue(inFlight, nowMs);
      sendDue(nowMs);
    },
    stop: () => {
      isStopped = true;
    },
    failInFlight: (kind) => {
      for (let flight = inFlight.oldest(); flight !== undefined; flight = flight.next) flight.pending?.fail(kind);
    },
    inFlight: inFlight.size,
    isDrained,
    nextEventAt: (nowMs) => {
      const deadline = inFlight.oldest()?.deadlineMs ?? Infinity;
      if (isStopped) return deadline;
      // Also while all connections are busy: one may be free again by the time the next request is due.
      return Math.min(deadline, backlog.nextDueAfter(nowMs), backlog.nextDueAt() + timeoutMs);
    },
  };
}

function failOverdue(inFlight: InFlight, nowMs: number): void {
  for (let flight = inFlight.oldest(); flight !== undefined; flight = flight.next) {
    if (flight.deadlineMs > nowMs) return;
    flight.pending?.fail('timeout');
  }
}

function giveUpWaiting(backlog: Backlog, { timeoutMs, pick, onResult }: QueueOptions, nowMs: number): void {
  let due = backlog.takeOverdue(nowMs - timeoutMs);
  while (due !== undefined) {
    onResult({ ...due, endpoint: pick(), endedAtMs: nowMs, failure: 'timeout', bytes: 0 });
    due = backlog.takeOverdue(nowMs - timeoutMs);
  }
}
