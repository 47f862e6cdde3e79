import pLimit from 'p-limit';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { within } from './connection.ts';
import type { Containers, Seen } from './containers.ts';
import { decodeInspect, type ContainerFacts } from './decode/inspect.ts';
import type { Engine } from './engine.ts';
import { EngineError } from './failure.ts';

/** Looks at containers by inspect until what it sees fits what events told. */
export interface Inspector {
  /** Resolves with what was seen last; undefined when it is gone or could not be looked at. Never rejects. */
  look(id: string, engine: Engine, signal: AbortSignal): Promise<Seen | undefined>;
  /** From now on what is met for the first time is news. */
  endFirstListing(): void;
}

/** An inspect takes 0.3 ms; more at once gain nothing. */
const CONCURRENCY = 8;
const INSPECT_TIMEOUT_MS = 3000;
/** How long an event may trail behind the inspect that shows what it tells. */
const SETTLE_MS = 1000;
/** Looks at a container that changes all the while; the next listing looks again. */
const MAX_LOOKS = 6;

interface Looking {
  /** Ends the wait for a late event: the event is there. */
  wake: AbortController;
  done: Promise<Seen | undefined>;
}

export function createInspector(deps: {
  readonly containers: Containers;
  readonly clock: Clock;
  readonly log: Log;
}): Inspector {
  const { containers, clock, log } = deps;
  const limit = pLimit(CONCURRENCY);
  const looking = new Map<string, Looking>();
  let isFirst = true;

  async function lookUntilSettled(id: string, engine: Engine, signal: AbortSignal): Promise<Seen | undefined> {
    let isSettled = false;
    for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
      const revision = containers.revision(id);
      const facts = await limit(() => inspect(engine, id, signal));
      if (facts === undefined) return vanished(containers, id, clock.now());
      if (containers.revision(id) !== revision) continue;
      const seen = containers.applyInspect({ facts, now: clock.now(), isSettled, isFirst });
      if (seen !== 'unsettled') return seen;
      await settle(id, signal);
      isSettled = containers.revision(id) === revision;
    }
    return undefined;
  }

  async function settle(id: string, signal: AbortSignal): Promise<void> {
    const wake = looking.get(id)?.wake;
    const waiting = wake === undefined ? signal : AbortSignal.any([wake.signal, signal]);
    await clock.sleep(SETTLE_MS, waiting).catch(() => signal.throwIfAborted());
    const entry = looking.get(id);
    if (entry !== undefined) entry.wake = new AbortController();
  }

  async function lookOnce(id: string, engine: Engine, signal: AbortSignal): Promise<Seen | undefined> {
    try {
      return await lookUntilSettled(id, engine, signal);
    } catch (error) {
      if (!signal.aborted) log.debug({ container: id, err: error }, 'a container could not be inspected');
      return undefined;
    } finally {
      looking.delete(id);
    }
  }

  return {
    look(id, engine, signal) {
      const current = looking.get(id);
      if (current !== undefined) {
        current.wake.abort();
        return current.done;
      }
      const entry = { wake: new AbortController(), done: Promise.resolve<Seen | undefined>(undefined) };
      looking.set(id, entry);
      entry.done = lookOnce(id, engine, signal);
      return entry.done;
    },
    endFirstListing: () => {
      isFirst = false;
    },
  };
}

function vanished(containers: Containers, id: string, now: number): Seen | undefined {
  const targetId = containers.remove(id, now);
  return targetId === undefined ? undefined : { targetId, isNews: true };
}

/** Undefined when there is no such container any more. */
async function inspect(engine: Engine, id: string, signal: AbortSignal): Promise<ContainerFacts | undefined> {
  try {
    const body = await engine.get(`/containers/${id}/json`, {}, within(INSPECT_TIMEOUT_MS, signal));
    const facts = decodeInspect(body);
    if (facts === undefined) throw new EngineError('BadAnswer', `inspect of ${id.slice(0, 12)} is not readable`);
    return facts;
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  }
}
