import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { within, type Connection, type Session } from './connection.ts';
import type { Containers } from './containers.ts';
import type { ContainerEvent } from './decode/events.ts';
import { decodeContainerIds } from './decode/list.ts';
import type { Engine } from './engine.ts';
import { createEventStream } from './event-stream.ts';
import { classifyFailure, EngineError } from './failure.ts';
import { createInspector, type Inspector } from './inspector.ts';

/** Keeps the containers of one engine in step with it, for as long as it is reachable. */
export interface Follower {
  /** Follows one session until it is lost; the error says how. Also rejects when it could not begin. */
  follow(signal: AbortSignal): Promise<never>;
}

interface FollowerDeps {
  readonly connection: Connection;
  readonly containers: Containers;
  readonly clock: Clock;
  readonly log: Log;
  readonly url: string;
  /** The engine answers and all its containers are known. */
  readonly onSession: (session: Session) => void;
  readonly onChange: (targetId: string) => void;
}

/** A full listing repairs what the event stream lost: it drops events for a slow reader. */
const LISTING_INTERVAL_MS = 60_000;
const LISTING_TIMEOUT_MS = 5000;
/** A hung engine keeps its connections open, so it has to be asked. 0.3 ms of its time each. */
const HEARTBEAT_INTERVAL_MS = 10_000;
const HEARTBEAT_TIMEOUT_MS = 5000;

export function createFollower(deps: FollowerDeps): Follower {
  const events = createEventStream(deps.clock);
  const inspector = createInspector(deps);
  return {
    follow: async (signal) => {
      const scope = new AbortController();
      const ended = AbortSignal.any([signal, scope.signal]);
      try {
        const session = await deps.connection.open(ended);
        const following: Following = { ...deps, inspector, engine: session.engine, signal: ended };
        const stream = readEvents(following, await events.open(session.engine, ended));
        // It is read from before the listing on, so that nothing falls between the two.
        await Promise.race([stream, listContainers(following)]);
        inspector.endFirstListing();
        deps.onSession(session);
        return await Promise.race([stream, keepListing(following), keepAsking(following)]);
      } catch (error) {
        throw classifyFailure(error, deps.url);
      } finally {
        scope.abort();
      }
    },
  };
}

interface Following extends FollowerDeps {
  readonly inspector: Inspector;
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

async function readEvents(following: Following, events: AsyncGenerator<ContainerEvent, void>): Promise<never> {
  for await (const event of events) takeEvent(following, event);
  throw new EngineError('Refused', `${following.url} closed the event stream`);
}

function takeEvent(following: Following, event: ContainerEvent): void {
  const { containers, clock, inspector, engine, signal } = following;
  if (event.action === 'destroy') {
    notify(following, containers.remove(event.id, clock.now()));
    return;
  }
  const targetId = containers.applyEvent(event, clock.now());
  void inspector.look(event.id, engine, signal).then((seen) => notify(following, seen?.targetId ?? targetId));
}

function notify(following: Following, targetId: string | undefined): void {
  if (targetId !== undefined) following.onChange(targetId);
}

/** Looks at every container, and drops those that are gone. */
async function listContainers(following: Following): Promise<void> {
  const { containers, clock, engine, signal, inspector, url } = following;
  // A container that is met while the answer is under way is not in it.
  const known = containers.ids();
  const body = await engine.get('/containers/json', { all: 'true' }, within(LISTING_TIMEOUT_MS, signal));
  const ids = decodeContainerIds(body);
  if (ids === undefined)
    throw new EngineError('BadAnswer', `${url} answers the list of containers with something else`);
  const listed = new Set(ids);
  for (const id of known) if (!listed.has(id)) notify(following, containers.remove(id, clock.now()));
  const look = async (id: string): Promise<void> => {
    const seen = await inspector.look(id, engine, signal);
    if (seen?.isNews === true) notify(following, seen.targetId);
  };
  await Promise.all(ids.map(look));
}

async function keepListing(following: Following): Promise<never> {
  for (;;) {
    await following.clock.sleep(LISTING_INTERVAL_MS, following.signal);
    await listContainers(following);
  }
}

async function keepAsking({ clock, engine, signal }: Following): Promise<never> {
  for (;;) {
    await clock.sleep(HEARTBEAT_INTERVAL_MS, signal);
    await engine.get('/version', {}, within(HEARTBEAT_TIMEOUT_MS, signal));
  }
}
