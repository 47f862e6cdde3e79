/**
 * Carries a plan out against a target. The model is open: requests are due whether or not earlier ones have returned. At most
 * `concurrency` are in flight; what is due beyond that waits, and its waiting is part of its latency.
 */
import type { Dispatcher, Pool } from 'undici';
import { createConnections } from './connections.ts';
import type { Endpoint } from './endpoint.ts';
import type { Plan } from './plan.ts';
import { createQueue, type Queue, type QueueOptions, type RequestResult } from './queue.ts';
import { sendRequest } from './request.ts';

export interface AttackOptions {
  readonly plan: Plan;
  /** http or https; a path in it comes before the paths of the endpoints. */
  readonly url: URL;
  readonly endpoints: readonly Endpoint[];
  /** The index of the endpoint of the next request. */
  readonly pick: () => number;
  readonly headers: Readonly<Record<string, string>>;
  /** A request fails that waits this long for a connection, or this long for its answer. */
  readonly timeoutMs: number;
  readonly concurrency: number;
}

export interface AttackOutcome {
  /** `stopped`: by the signal, before the end of the plan. */
  readonly ended: 'completed' | 'stopped';
  /** From the start to the last answer. */
  readonly durationMs: number;
}

export interface Attack {
  /** Settles when the last answer is in, at most the timeout after the plan's end or 5 s after a stop; what the target does never rejects it. */
  readonly done: Promise<AttackOutcome>;
  /** Since the first request could be due. */
  elapsedMs(): number;
  inFlight(): number;
}

/** After a stop, answers on their way are awaited this long, which leaves time to report before `docker stop` kills (10 s). */
const STOP_GRACE_MS = 5_000;
/** Timers of Node are never shorter; what falls due meanwhile is sent in one batch. */
const SHORTEST_SLEEP_MS = 1;
/** How often the end is looked for once nothing more will fall due. */
const DRAIN_SLEEP_MS = 5;
const LONGEST_SLEEP_MS = 1_000;

/**
 * Opens the connections, then runs the plan to its end, or until `signal` stops it.
 * @param onResult called once for every request, in the order of their ends
 */
export async function startAttack(
  options: AttackOptions,
  onResult: (result: RequestResult) => void,
  signal: AbortSignal,
): Promise<Attack> {
  const { plan, url, concurrency, timeoutMs, pick } = options;
  const connections = createConnections({ url, count: concurrency, timeoutMs });
  await connections.warmUp();

  const startMs = performance.now();
  const elapsedMs = (): number => performance.now() - startMs;
  const send = createSend(options, connections.pool, elapsedMs);
  const queue = createQueue({ plan, concurrency, timeoutMs, pick, send, onResult });
  const run = async (): Promise<AttackOutcome> => {
    try {
      return await drive(queue, { plan, elapsedMs, signal });
    } finally {
      await connections.close();
    }
  };
  return { done: run(), elapsedMs, inFlight: () => queue.inFlight() };
}

function createSend(options: AttackOptions, pool: Pool, elapsedMs: () => number): QueueOptions['send'] {
  const basePath = options.url.pathname.replace(/\/$/, '');
  const requests = options.endpoints.map(({ method, path }): Dispatcher.DispatchOptions => ({
    method,
    path: basePath + path,
    headers: options.headers,
  }));
  return (endpoint, onEnd) => {
    const request = requests[endpoint];
    if (request === undefined) throw new RangeError(`there is no endpoint ${endpoint}`);
    return sendRequest(pool, request, (ended) => onEnd(ended, elapsedMs()));
  };
}

interface DriveContext {
  readonly plan: Plan;
  readonly elapsedMs: () => number;
  readonly signal: AbortSignal;
}

/** One timer for the whole run: it wakes for what comes next, and each time does all that is due. */
function drive(queue: Queue, { plan, elapsedMs, signal }: DriveContext): Promise<AttackOutcome> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let graceEndsAt = Infinity;

    const step = (): void => {
      const now = elapsedMs();
      queue.advance(now);
      if (now >= graceEndsAt) queue.failInFlight('aborted');
      const isOver = queue.isDrained() && (signal.aborted || now >= plan.durationMs);
      if (!isOver || queue.inFlight() > 0) {
        timer = setTimeout(tick, sleepMs(queue, plan, now));
        return;
      }
      signal.removeEventListener('abort', stop);
      resolve({ ended: signal.aborted ? 'stopped' : 'completed', durationMs: now });
    };
    const tick = (): void => {
      try {
        step();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const stop = (): void => {
      clearTimeout(timer);
      queue.stop();
      graceEndsAt = elapsedMs() + STOP_GRACE_MS;
      tick();
    };

    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    else tick();
  });
}

function sleepMs(queue: Queue, plan: Plan, nowMs: number): number {
  const isEnding = queue.isDrained() ? queue.inFlight() > 0 : nowMs >= plan.durationMs;
  const planEnd = nowMs < plan.durationMs ? plan.durationMs : Infinity;
  const wakeAt = Math.min(queue.nextEventAt(nowMs), planEnd);
  const longest = isEnding ? DRAIN_SLEEP_MS : LONGEST_SLEEP_MS;
  return Math.min(Math.max(Math.floor(wakeAt - nowMs), SHORTEST_SLEEP_MS), longest);
}
