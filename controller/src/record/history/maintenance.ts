import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import type { Connection } from './connection.ts';
import type { Drain } from './drain.ts';
import type { Steps } from './steps.ts';
import type { HistoryStore } from './store.ts';

export interface Maintenance {
  readonly connection: Connection;
  /** What waits to be written, in this order. */
  readonly drains: readonly Drain[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** How long samples wait for their batch: a crash loses so much of the charts at most. */
const FLUSH_INTERVAL_MS = 5000;

/** Old rows go in small portions, seldom enough to cost nothing. */
const PRUNE_INTERVAL_MS = 600_000;

/** Writes, rolls up and prunes until the signal aborts. */
export async function maintain({ connection, drains, clock, signal }: Maintenance): Promise<void> {
  let prunedAt = clock.now();
  while (await pause(clock, signal)) {
    connection.check();
    const written =
      (await drainAll(drains)) && (await inSlices(connection, signal, (store) => store.rollUp(clock.now())));
    // The clock may have been set back: then it is due as well.
    if (!written || Math.abs(clock.now() - prunedAt) < PRUNE_INTERVAL_MS) continue;
    prunedAt = clock.now();
    await inSlices(connection, signal, (store) => store.prune(clock.now()));
  }
}

/** Opens what is away, so that a problem goes when it is over although nobody asks anything. */
export async function keepOpen({ connection, clock, signal }: Omit<Maintenance, 'drains'>): Promise<void> {
  while (await pause(clock, signal)) await connection.attempt(() => undefined);
}

async function drainAll(drains: readonly Drain[]): Promise<boolean> {
  for (const drain of drains) if (!(await drain())) return false;
  return true;
}

/** False when it is time to stop. */
async function pause(clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(FLUSH_INTERVAL_MS, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** Runs one step at a turn of the event loop; gives up when the store that it began with is gone. */
async function inSlices(
  connection: Connection,
  signal: AbortSignal,
  begin: (store: HistoryStore) => Steps,
): Promise<boolean> {
  const work = await connection.attempt((store) => ({ store, steps: begin(store) }));
  if (!work.ok) return false;
  const { store, steps } = work.value;
  while (!signal.aborted) {
    const step = await connection.attempt((present) => (present === store ? steps.next() : undefined));
    if (!step.ok || step.value === undefined) return false;
    if (step.value.done === true) return true;
    await setImmediate();
  }
  return false;
}
