import type { SteadyClock } from '../../clock.ts';
import { isFoghornError } from '../../errors.ts';
import type { KubeObject, ResourceClient } from '../client.ts';
import { decide, released, sight, type Candidate, type Sighting } from './decide.ts';
import { decodeLease, encodeLease, leases, type LeaseRecord } from './lease.ts';

/** One candidate's hand on a Lease. */
export interface Claim {
  /** Takes or renews it, if that may be; never rejects. */
  attempt(): Promise<ClaimOutcome>;
  /** Gives it up if it is ours. */
  giveUp(): Promise<void>;
  /** As last seen. */
  last(): Sighting | undefined;
}

export type ClaimOutcome =
  /** Ours, by a write that began then on the monotonic clock. */
  | {
      readonly kind: 'held';
      readonly from: number;
      readonly record: LeaseRecord;
      readonly lease: KubeObject;
      /** What it said before; undefined: it was not there. */
      readonly before: LeaseRecord | undefined;
    }
  /** Another one's, for so long at least. */
  | { readonly kind: 'taken'; readonly forMs: number }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface ClaimDeps {
  /** Its calls have deadlines of their own. */
  readonly client: Pick<ResourceClient, 'get' | 'create' | 'update'>;
  readonly place: { readonly namespace: string; readonly name: string };
  /** Its identity is of this run alone. */
  readonly self: Candidate;
  readonly clock: SteadyClock;
}

/** What an API server answers to a write that another one was ahead of. */
const lostRaces = ['Conflict', 'NotFound', 'AlreadyExists'] as const;

export function createClaim({ client, place, self, clock }: ClaimDeps): Claim {
  /** Undefined: it was not there. */
  let stored: KubeObject | undefined;
  let last: Sighting | undefined;

  function see(object: KubeObject | undefined): void {
    stored = object;
    if (object !== undefined) last = sight(last, decodeLease(object), clock.monotonic());
  }

  async function look(): Promise<void> {
    see(await client.get(leases, place.namespace, place.name));
  }

  /** The version that was seen is the lock: nobody else has written since, or it is refused. */
  async function write(record: LeaseRecord): Promise<KubeObject> {
    const wanted = encodeLease(record, place, stored);
    const written = await (stored === undefined ? client.create(leases, wanted) : client.update(leases, wanted));
    see(written);
    return written;
  }

  async function step(): Promise<ClaimOutcome> {
    const from = clock.monotonic();
    const at = { now: clock.now(), monotonic: from };
    const decision = decide(last, { self, at });
    if (decision.kind === 'wait') return { kind: 'taken', forMs: decision.forMs };
    const { record } = decision;
    const before = last?.record;
    return { kind: 'held', from, record, lease: await write(record), before };
  }

  /** What is ours is written without a look before. */
  async function renewUnseen(): Promise<ClaimOutcome | undefined> {
    const isOurs = stored !== undefined && last?.record.holder === self.identity;
    return isOurs ? unlessOvertaken(step) : undefined;
  }

  async function lookAndStep(): Promise<ClaimOutcome> {
    await look();
    return step();
  }

  return {
    async attempt() {
      try {
        return (await renewUnseen()) ?? (await unlessOvertaken(lookAndStep)) ?? (await lookAndStep());
      } catch (error) {
        return { kind: 'failed', error };
      }
    },
    async giveUp() {
      await look();
      if (stored === undefined || last?.record.holder !== self.identity) return;
      await write(released(last.record, { now: clock.now() }));
    },
    last: () => last,
  };
}

/** Undefined when somebody else has written it meanwhile, made it, or removed it. */
async function unlessOvertaken(work: () => Promise<ClaimOutcome>): Promise<ClaimOutcome | undefined> {
  try {
    return await work();
  } catch (error) {
    if (lostRaces.some((code) => isFoghornError(error, code))) return undefined;
    throw error;
  }
}
