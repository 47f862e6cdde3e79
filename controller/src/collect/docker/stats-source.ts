import pLimit, { type LimitFunction } from 'p-limit';
import type { CgroupReader } from './cgroup.ts';
import { within, type Session } from './connection.ts';
import type { ContainerFacts } from './decode/inspect.ts';
import { decodeStats, type StatsAnswer } from './decode/stats.ts';
import { hasFastOneShot } from './decode/version.ts';
import { EngineError } from './failure.ts';

/** One reading of a container's counters. */
export type Counters =
  | (Extract<StatsAnswer, { kind: 'sample' }> & { readonly source: 'cgroup' | 'engine-api' })
  /** Removed or ended while it was asked. */
  | { readonly kind: 'gone' | 'idle' };

export interface StatsSource {
  /** Fails with an {@link EngineError}. */
  read(facts: ContainerFacts, session: Session, signal: AbortSignal): Promise<Counters>;
}

/** A one-shot reading takes 3 ms on a new engine, up to a second on an old one. */
const STATS_TIMEOUT_MS = 3000;
/** Engines that answer at once: more in parallel gain nothing. */
const FAST_CONCURRENCY = 8;
/** Engines that answer at their next one-second tick: all that wait share it. Bounded by sockets only. */
const TICK_CONCURRENCY = 200;

/** @param cgroup absent where the engine's files are not ours to read, or not to be read. */
export function createStatsSource(cgroup: CgroupReader | undefined): StatsSource {
  let limit: { readonly session: Session; readonly run: LimitFunction } | undefined;

  function limitOf(session: Session): LimitFunction {
    if (limit?.session !== session) {
      const isFast = hasFastOneShot(session.engineVersion);
      limit = { session, run: pLimit(isFast ? FAST_CONCURRENCY : TICK_CONCURRENCY) };
    }
    return limit.run;
  }

  return {
    read: async (facts, session, signal) => {
      const sample = cgroup?.read(facts);
      if (sample !== undefined) return { kind: 'sample', sample, source: 'cgroup' };
      const answer = await limitOf(session)(() => ask(facts.id, session, signal));
      if (answer.kind === 'bad') throw new EngineError('BadAnswer', 'the stats of the container are not readable');
      return answer.kind === 'sample' ? { ...answer, source: 'engine-api' } : answer;
    },
  };
}

async function ask(id: string, { engine }: Session, signal: AbortSignal): Promise<StatsAnswer> {
  signal.throwIfAborted();
  const query = { stream: 'false', 'one-shot': 'true' };
  try {
    return decodeStats(await engine.get(`/containers/${id}/stats`, query, within(STATS_TIMEOUT_MS, signal)));
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return { kind: 'gone' };
    throw error;
  }
}
