import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Leadership } from '../../model/leadership.ts';
import type { KubeObject } from '../client.ts';
import { createClaim, type ClaimDeps, type ClaimOutcome } from './claim.ts';
import { RENEW_DEADLINE_MS, type Sighting } from './decide.ts';
import type { LeaseRecord } from './lease.ts';
import { afterClaim, afterTime, deadlineOf, isHeldAt, type Tenure } from './tenure.ts';

/** One of several candidates for a Lease. */
export interface Elector extends Leadership {
  /** Begins to campaign; what was won is renewed. */
  start(): void;
  /**
   * Ends. A Lease that is held is given up, so that another takes over at once: call it after everything that acts has
   * ended. Idempotent, never rejects, bounded by the deadlines of the client.
   */
  release(): Promise<void>;
}

export interface ElectorDeps extends ClaimDeps {
  /** Called once, when the Lease is won; with what it said before, if it was there. */
  readonly onElected: (lease: KubeObject, before: LeaseRecord | undefined) => void;
  /** Called once, when what was won is lost, with the reason: nothing may be done any more. */
  readonly onLost: (reason: string) => void;
  readonly log: Log;
  /** From 0 to 1, for the jitter of looks at another's Lease. */
  readonly random: () => number;
}

/** client-go's: a leader renews so often. */
const RENEW_EVERY_MS = 2000;
/** A candidate looks four times as often, so that it knows closely when the last renewal was. */
const LOOK_EVERY_MS = 500;
/** Part of it that chance adds, so that candidates do not all look at once. */
const LOOK_JITTER = 0.2;
/** For the client: of one call. As client-go has it, two of them fit into the deadline of a renewal. */
export const CALL_TIMEOUT_MS: number = RENEW_DEADLINE_MS / 2;

/**
 * Leader election by a Lease, as client-go does it. `isHeld` is by the monotonic clock, and counts from the beginning of
 * the last renewal that succeeded: it ends before anybody else can begin, however long an answer took or the process
 * stood still.
 */
export function createElector(deps: ElectorDeps): Elector {
  const { clock, log, random } = deps;
  const claim = createClaim(deps);
  const tell = createTeller(log);
  const stopping = new AbortController();
  let tenure: Tenure = { kind: 'candidate' };
  let running: Promise<void> | undefined;
  let watching: Promise<void> | undefined;
  let releasing: Promise<void> | undefined;

  function enter(next: Tenure): void {
    const before = tenure;
    tenure = next;
    if (next.kind !== 'lost' || before.kind === 'lost') return;
    stopping.abort();
    deps.onLost(next.reason);
  }

  async function campaign(): Promise<void> {
    while (!stopping.signal.aborted) {
      const begunAt = clock.monotonic();
      const outcome = await claim.attempt();
      if (stopping.signal.aborted) return;
      const wasCandidate = tenure.kind === 'candidate';
      enter(afterClaim(tenure, outcome, clock.monotonic()));
      tell(outcome, claim.last());
      if (wasCandidate && tenure.kind === 'leading' && outcome.kind === 'held') {
        watching = watchDeadline();
        deps.onElected(outcome.lease, outcome.before);
      }
      await pause(
        tenure.kind === 'leading' ? begunAt + RENEW_EVERY_MS - clock.monotonic() : lookInMs(outcome, random()),
      );
    }
  }

  /** A call that is under way must not put off the end. */
  async function watchDeadline(): Promise<void> {
    while (!stopping.signal.aborted && tenure.kind === 'leading') {
      await pause(deadlineOf(tenure) - clock.monotonic());
      if (!stopping.signal.aborted) enter(afterTime(tenure, clock.monotonic()));
    }
  }

  async function pause(ms: number): Promise<void> {
    await clock.sleep(Math.max(0, Math.ceil(ms)), stopping.signal).catch(() => undefined);
  }

  async function release(): Promise<void> {
    stopping.abort();
    await running;
    await watching;
    tenure = { kind: 'lost', reason: 'it was given up' };
    try {
      await claim.giveUp();
    } catch (error) {
      const fault = errorMessage(error);
      log.warn({ error: fault }, 'the Lease could not be given up: another replica waits until it expires');
    }
  }

  return {
    start() {
      running ??= campaign();
    },
    release: () => (releasing ??= release()),
    isHeld: () => isHeldAt(tenure, clock.monotonic()),
    leader() {
      const record = claim.last()?.record;
      return record === undefined || record.holder === '' ? undefined : { identity: record.holder, url: record.url };
    },
  };
}

/** Not before another's Lease expires, and not much later. */
function lookInMs(outcome: ClaimOutcome, random: number): number {
  const lookMs = LOOK_EVERY_MS * (1 + LOOK_JITTER * random);
  return outcome.kind === 'taken' ? Math.min(lookMs, outcome.forMs) : lookMs;
}

/** Says each change once. */
function createTeller(log: Log): (outcome: ClaimOutcome, last: Sighting | undefined) => void {
  let knownLeader: string | undefined;
  let isFailing = false;
  return (outcome, last) => {
    const leader = last?.record.holder;
    if (leader !== knownLeader) log.info({ leader, transitions: last?.record.transitions }, 'who holds the Lease');
    knownLeader = leader;
    const failed = outcome.kind === 'failed';
    if (failed && !isFailing) log.warn({ error: errorMessage(outcome.error) }, 'the Lease cannot be read or written');
    if (!failed && isFailing) log.info('the Lease can be read and written again');
    isFailing = failed;
  };
}
