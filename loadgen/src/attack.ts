/**
 * Carries a plan out against a target. The model is open: requests are due whether or not earlier ones have returned. At most
 * `concurrency` are in flight; what is due beyond that waits, and its waiting is part of its latency.
 */
import { createLanes, type Lanes } from './lanes.ts';
import { createPlan, type Plan } from './plan.ts';
import { createQueue, type Queue, type QueueOptions, type RequestResult } from './queue.ts';
import type { RequestSource } from './request-source.ts';
import { createSender } from './request.ts';
import type { TlsOptions } from './tls-options.ts';

export interface AttackOptions {
  readonly plan: Plan;
  /** http or https; only its origin counts, paths are in the requests. */
  readonly url: URL;
  readonly tls?: TlsOptions | undefined;
  /** What is sent to each endpoint. */
  readonly requests: readonly RequestSource[];
  /** The index of the endpoint of the next request. */
  readonly pick: () => number;
  /** Requests are numbered from `first` in steps; default 1, 2, 3 ... */
  readonly numbering?: Numbering | undefined;
  /** Before the plan, its first rate is kept up so long, uncounted; default 0. */
  readonly warmUpMs?: number | undefined;
  /** A request fails that waits this long for a connection, or this long for its answer. */
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Default true; false: each request opens a connection of its own, which is part of its time. */
  readonly isKeptAlive?: boolean | undefined;
  /** Told of every request of the plan that is sent, in ms since the start of the plan. */
  readonly onSent?: ((sentAtMs: number) => void) | undefined;
}

export interface Numbering {
  readonly first: number;
  readonly step: number;
}

/** Requests before the plan; they are in no histogram. */
export interface WarmUp {
  readonly requests: number;
  readonly errors: number;
}

export interface AttackOutcome {
  /** `stopped`: by the signal, before the end of the plan. */
  readonly ended: 'completed' | 'stopped';
  /** From the start to the last answer. */
  readonly durationMs: number;
  readonly warmUp: WarmUp;
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
 * Opens the connections, warms up, then runs the plan to its end, or until `signal` stops it.
 * @param onResult called once for every request of the plan, in the order of their ends
 */
export async function startAttack(
  options: AttackOptions,
  onResult: (result: RequestResult) => void,
  signal: AbortSignal,
): Promise<Attack> {
  const { plan, url, tls, concurrency, timeoutMs, isKeptAlive = true } = options;
  const lanes = createLanes({ url, count: concurrency, timeoutMs, isKeptAlive, tls });
  // Else opening is part of what is measured.
  if (isKeptAlive) await lanes.warmUp();
  const open = createOpen(options, lanes);
  const warmUp = await warm(open, options, signal);

  const startMs = performance.now();
  const elapsedMs = (): number => performance.now() - startMs;
  const queue = open(plan, elapsedMs, { onSent: options.onSent, onResult });
  const run = async (): Promise<AttackOutcome> => {
    try {
      return { ...(await drive(queue, { plan, elapsedMs, signal })), warmUp };
    } finally {
      lanes.close();
    }
  };
  return { done: run(), elapsedMs, inFlight: () => queue.inFlight() };
}

/** Opens a queue for a plan whose time is `elapsedMs`. */
type OpenQueue = (plan: Plan, elapsedMs: () => number, listen: Pick<QueueOptions, 'onSent' | 'onResult'>) => Queue;

function createOpen(options: AttackOptions, lanes: Lanes): OpenQueue {
  const { url, requests, concurrency, timeoutMs, pick, isKeptAlive = true } = options;
  const sendRequest = createSender(lanes, { host: url.host, isKeptAlive });
  const { first, step } = options.numbering ?? { first: 1, step: 1 };
  let sequence = first;
  return (plan, elapsedMs, listen) => {
    const send: QueueOptions['send'] = (endpoint, onEnd) => {
      const source = requests[endpoint];
      if (source === undefined) throw new RangeError(`there is no endpoint ${endpoint}`);
      const request = source(sequence);
      sequence += step;
      return sendRequest(request, (ended) => onEnd(ended, elapsedMs()));
    };
    return createQueue({ plan, concurrency, timeoutMs, pick, send, ...listen });
  };
}

/** Code that runs for the first time is slow, here and at the target: it runs before the plan begins, with all answers awaited. */
async function warm(open: OpenQueue, options: AttackOptions, signal: AbortSignal): Promise<WarmUp> {
  const { plan, warmUpMs: durationMs = 0 } = options;
  const [stage] = plan.stages;
  const ratePerSecond = stage === undefined ? 0 : (stage.startRate + stage.endRate) / 2;
  // Less than half a request is none.
  if ((durationMs * ratePerSecond) / 1_000 < 0.5) return { requests: 0, errors: 0 };
  let [requests, errors] = [0, 0];
  const startMs = performance.now();
  const elapsedMs = (): number => performance.now() - startMs;
  const warming = createPlan([{ durationMs, ratePerSecond, shape: 'constant' }]);
  const onResult = ({ failure }: RequestResult): void => {
    requests += 1;
    if (failure !== undefined) errors += 1;
  };
  const queue = open(warming, elapsedMs, { onResult });
  await drive(queue, { plan: warming, elapsedMs, signal });
  return { requests, errors };
}

interface DriveContext {
  readonly plan: Plan;
  readonly elapsedMs: () => number;
  readonly signal: AbortSignal;
}

/** One timer for the whole run: it wakes for what comes next, and each time does all that is due. */
function drive(queue: Queue, { plan, elapsedMs, signal }: DriveContext): Promise<Omit<AttackOutcome, 'warmUp'>> {
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
