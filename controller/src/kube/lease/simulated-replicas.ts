import type { SteadyClock } from '../../clock.ts';
import { FoghornError } from '../../errors.ts';
import { createFakeClock, type FakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import type { KubeObject, ResourceClient } from '../client.ts';
import { CALL_TIMEOUT_MS, createElector, type Elector } from './elector.ts';

export interface ReplicaShape {
  /** How fast its clock goes. */
  readonly rate: number;
  /** How wrong its system clock is. */
  readonly offsetMs: number;
}

/** One process among several; whatever is done to it, its next run is another. */
export interface SimulatedReplica {
  /** Its run, while it has one. */
  identity(): string | undefined;
  /** By its own word; a frozen one would act by it when it wakes. */
  isHeld(): boolean;
  start(): void;
  /** It stands still: its timers and answers wait. */
  freeze(): void;
  thaw(): void;
  /** Nothing gets through to the API server, or back from it. */
  cut(): void;
  mend(): void;
  kill(): void;
  /** A clean stop. */
  stop(): Promise<void>;
  /** Steps its system clock. */
  step(ms: number): void;
}

export interface SimulatedReplicas {
  readonly replicas: readonly SimulatedReplica[];
  advance(ms: number): Promise<void>;
  elapsedMs(): number;
  /** Each way to the API server and back takes up to so long. */
  latency(upToMs: number): void;
  /** Identities, in the order of their elections. */
  readonly elected: readonly string[];
  readonly lost: readonly string[];
  lease(): KubeObject | undefined;
  deleteLease(): void;
}

const place = { namespace: 'foghorn', name: 'foghorn-controller' };

/** Electors on clocks of their own and one API server, in a time that a test moves. */
export function simulateReplicas(shapes: readonly ReplicaShape[], random: () => number): SimulatedReplicas {
  const world = createFakeClock();
  const server = createLeaseServer();
  const elected: string[] = [];
  const lost: string[] = [];
  let upToMs = 0;
  const travel = (): Promise<void> => world.sleep(upToMs * random(), unending);
  return {
    replicas: shapes.map((shape, index) =>
      createReplica({ world, server, travel, random, elected, lost, shape, name: `foghorn-${index}` }),
    ),
    advance: world.advance,
    elapsedMs: world.monotonic,
    latency(ms) {
      upToMs = ms;
    },
    elected,
    lost,
    lease: server.read,
    deleteLease: server.remove,
  };
}

interface ReplicaDeps {
  readonly world: FakeClock;
  readonly server: LeaseServer;
  readonly travel: () => Promise<void>;
  readonly random: () => number;
  readonly elected: string[];
  readonly lost: string[];
  readonly shape: ReplicaShape;
  readonly name: string;
}

function createReplica(deps: ReplicaDeps): SimulatedReplica {
  const { world, shape, name } = deps;
  const frozen = createGate();
  const severed = createGate();
  const wall = { offsetMs: shape.offsetMs };
  let runs = 0;
  let current: { readonly elector: Elector; readonly identity: string; readonly life: Gate } | undefined;

  function start(): void {
    runs += 1;
    const identity = `${name}_${runs}`;
    const life = createGate();
    const running = async (): Promise<void> => {
      await frozen.opened();
      await life.opened();
    };
    const clock: SteadyClock = {
      now: () => Math.round(world.now() + wall.offsetMs),
      monotonic: () => world.monotonic() * shape.rate,
      sleep: async (ms, signal) => {
        await world.sleep(ms / shape.rate, signal);
        await running();
      },
    };
    const elector = createElector({
      client: clientOf({ ...deps, clock, running, severed }),
      place,
      self: { identity, url: `http://${name}:8001` },
      clock,
      log: createSilentLog(),
      random: deps.random,
      onElected: () => deps.elected.push(identity),
      onLost() {
        deps.lost.push(identity);
        if (current?.elector === elector) current = undefined;
      },
    });
    current = { elector, identity, life };
    elector.start();
  }

  return {
    identity: () => current?.identity,
    isHeld: () => current?.elector.isHeld() ?? false,
    start() {
      if (current === undefined) start();
    },
    freeze: frozen.close,
    thaw: frozen.open,
    cut: severed.close,
    mend: severed.open,
    kill() {
      current?.life.close();
      current = undefined;
    },
    async stop() {
      const stopped = current;
      await stopped?.elector.release();
      if (current === stopped) current = undefined;
    },
    step(ms) {
      wall.offsetMs += ms;
    },
  };
}

interface LeaseServer {
  read(): KubeObject | undefined;
  create(object: KubeObject): KubeObject;
  update(object: KubeObject): KubeObject;
  remove(): void;
}

/** One object, with the optimistic lock of an API server. */
function createLeaseServer(): LeaseServer {
  let stored: KubeObject | undefined;
  let version = 0;
  const store = (object: KubeObject): KubeObject => {
    version += 1;
    stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    return stored;
  };
  return {
    read: () => stored,
    create(object) {
      if (stored !== undefined) throw new FoghornError('AlreadyExists', 'it is there');
      return store(object);
    },
    update(object) {
      if (stored === undefined) throw new FoghornError('NotFound', 'it is not there');
      const { resourceVersion } = object.metadata;
      if (resourceVersion !== stored.metadata.resourceVersion) throw new FoghornError('Conflict', 'it has changed');
      return store(object);
    },
    remove() {
      stored = undefined;
    },
  };
}

interface Gate {
  open(): void;
  close(): void;
  isOpen(): boolean;
  /** At once while it is open. */
  opened(): Promise<void>;
}

function createGate(): Gate {
  let closed: PromiseWithResolvers<void> | undefined;
  return {
    open() {
      closed?.resolve();
      closed = undefined;
    },
    close() {
      closed ??= Promise.withResolvers();
    },
    isOpen: () => closed === undefined,
    async opened() {
      await closed?.promise;
    },
  };
}

type LeaseClient = Pick<ResourceClient, 'get' | 'create' | 'update'>;
type Way = ReplicaDeps & { readonly clock: SteadyClock; readonly running: () => Promise<void>; readonly severed: Gate };

/** A call may be late, be done without an answer, or not be done at all; its deadline ends the wait, not the call. */
function clientOf({ server, travel, clock, running, severed }: Way): LeaseClient {
  async function call<T>(act: () => T): Promise<T> {
    const done = new AbortController();
    const deadline = clock.sleep(CALL_TIMEOUT_MS, done.signal).then(() => {
      throw new FoghornError('Unavailable', 'no answer');
    });
    try {
      return await Promise.race([goAndReturn(act), deadline]);
    } finally {
      done.abort();
      await running();
    }
  }

  async function goAndReturn<T>(act: () => T): Promise<T> {
    await travel();
    if (!severed.isOpen()) return forever();
    const answer = outcomeOf(act);
    await travel();
    return severed.isOpen() ? answer() : forever();
  }

  return {
    get: () => call(server.read),
    create: (_resource, object) => call(() => server.create(object)),
    update: (_resource, object) => call(() => server.update(object)),
  };
}

/** It happens now, and is told later. */
function outcomeOf<T>(act: () => T): () => T {
  try {
    const value = act();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}

const unending = new AbortController().signal;
