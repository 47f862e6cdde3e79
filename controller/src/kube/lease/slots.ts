import type { SteadyClock } from '../../clock.ts';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { ResourceClient } from '../client.ts';
import { createClaim, type Claim, type ClaimDeps } from './claim.ts';
import { sight, type Candidate, type Sighting } from './decide.ts';
import { decodeLease, leases } from './lease.ts';

/**
 * Places of a group, each a Lease: who has one is a member. Their number bounds the group, and none is left over of
 * members that are gone, as Leases under their own names would be.
 */
export interface SlotPlaces {
  readonly namespace: string;
  readonly names: readonly string[];
}

/** A third of the duration of a Lease: one renewal may fail. */
export const RENEW_SLOT_EVERY_MS = 5000;

export interface SlotHolder {
  /** Begins to look for a free place, and keeps it. */
  start(): void;
  /** Gives the place up. Idempotent, never rejects, bounded by the deadlines of the client. */
  stop(): Promise<void>;
}

export interface SlotHolderDeps extends Pick<ClaimDeps, 'client' | 'self' | 'clock'> {
  readonly places: SlotPlaces;
  readonly log: Log;
}

/** A place of the group for us, as soon as one is free. */
export function createSlotHolder(deps: SlotHolderDeps): SlotHolder {
  const { places, clock, log } = deps;
  const { namespace } = places;
  const claims = places.names.map((name) => createClaim({ ...deps, place: { namespace, name } }));
  const stopping = new AbortController();
  let held: Claim | undefined;
  let running: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;

  async function look(): Promise<void> {
    for (const claim of held === undefined ? claims : [held]) {
      if (stopping.signal.aborted) return;
      const { kind } = await claim.attempt();
      if (kind === 'held') held = claim;
      if (kind === 'taken' && held === claim) held = undefined;
      if (kind === 'held') return;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look();
      await clock.sleep(RENEW_SLOT_EVERY_MS, stopping.signal).catch(() => undefined);
    }
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await running;
    try {
      await held?.giveUp();
    } catch (error) {
      log.debug({ error: errorMessage(error) }, 'a place could not be given up: it expires');
    }
  }

  return {
    start() {
      running ??= run();
    },
    stop: () => (stopped ??= stop()),
  };
}

export interface SlotWatch {
  /** Who has a place now; without their Lease renewed they are gone after its duration. */
  members(): readonly Candidate[];
  start(): void;
  stop(): Promise<void>;
}

export interface SlotWatchDeps {
  readonly client: Pick<ResourceClient, 'get'>;
  readonly places: SlotPlaces;
  readonly clock: SteadyClock;
  readonly log: Log;
}

/** Sees who has the places. Whether they live shows in changes that are seen here: the times in a Lease are of other clocks. */
export function createSlotWatch({ client, places, clock, log }: SlotWatchDeps): SlotWatch {
  const sightings = new Map<string, Sighting>();
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function look(name: string): Promise<void> {
    try {
      const object = await client.get(leases, places.namespace, name);
      if (object === undefined) sightings.delete(name);
      else sightings.set(name, sight(sightings.get(name), decodeLease(object), clock.monotonic()));
    } catch (error) {
      if (!stopping.signal.aborted) log.debug({ name, error: errorMessage(error) }, 'a place could not be looked at');
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await Promise.all(places.names.map(look));
      await clock.sleep(RENEW_SLOT_EVERY_MS, stopping.signal).catch(() => undefined);
    }
  }

  return {
    members: () =>
      [...sightings.values()].flatMap(({ record: { holder, durationMs, url }, since }) => {
        const isAlive = holder !== '' && clock.monotonic() < since + durationMs;
        return isAlive && url !== undefined ? [{ identity: holder, url }] : [];
      }),
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
