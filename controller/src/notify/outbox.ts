import type { Delivery, Notification } from '../model/notification.ts';
import type { EmailSnapshot } from '../model/snapshot.ts';
import { deliver, type DeliverDeps } from './deliver.ts';
import { offerPlanned } from './outbox-offer.ts';
import { nextToSend, outcomeOf, settleSend, startSending, waitingCount } from './outbox-plan.ts';
import { emptyOutbox, type OutboxEntry } from './outbox-state.ts';
import type { EmailReadiness } from './readiness.ts';
import { createTally } from './tally.ts';

export interface OutboxDeps extends DeliverDeps {
  readonly readiness: EmailReadiness;
  /** Told of every attempt, so that the caller can write it into the alerts. */
  readonly onResult: (result: DeliveryResult) => void;
  /** 0..1, for the jitter of the backoff. */
  readonly random: () => number;
}

export interface DeliveryResult {
  readonly notification: Notification;
  readonly recipient: string;
  readonly delivery: Delivery;
  /** Epoch milliseconds. */
  readonly at: number;
  /** News of the notification as a whole: `sent` from the first recipient that has it, `rejected` from the last that refuses it. */
  readonly outcome: 'open' | 'sent' | 'rejected';
}

/**
 * Sends what is planned, with retry. It holds no truth of its own: the alerts are the durable queue, each tick plans
 * anew what is due, and what an outage held back goes out once, as it is by then.
 */
export interface Outbox {
  /** All that is due now; call it at every tick, also with nothing, since retries start here. Never waits. */
  offer(planned: readonly Notification[], now: number): void;
  /** These are all who may be told from now on: that others could not be is nobody's trouble any more. */
  keepReaders(readers: ReadonlySet<string>): void;
  snapshot(): EmailSnapshot;
  /** Starts nothing more, and waits for what is under way, at most `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

export function createOutbox(deps: OutboxDeps): Outbox {
  const { clock, readiness } = deps;
  const tally = createTally(deps.log);
  const underWay = new Set<Promise<void>>();
  let state = emptyOutbox;
  let phase: 'open' | 'stopping' | 'stopped' = 'open';

  function startAllThatMay(): void {
    if (phase !== 'open') return;
    for (let entry = nextToSend(state, clock.now()); entry !== undefined; entry = nextToSend(state, clock.now())) {
      state = startSending(state, entry);
      const task: Promise<void> = attempt(entry).finally(() => underWay.delete(task));
      underWay.add(task);
    }
  }

  async function attempt({ key, notification, recipient, attempts }: OutboxEntry): Promise<void> {
    const delivery = await deliver(deps, notification, recipient);
    if (phase === 'stopped') return;
    const at = clock.now();
    const before = state;
    state = settleSend(before, key, { delivery, at, random: deps.random() });
    tally.add(delivery, { notification: notification.id, recipient, attempt: attempts + 1, at });
    const outcome = outcomeOf(before, state, { notification, delivery });
    report(deps, { notification, recipient, delivery, at, outcome });
    startAllThatMay();
  }

  return {
    offer(planned, now) {
      if (phase !== 'open') return;
      state = offerPlanned(state, planned, now);
      startAllThatMay();
    },
    keepReaders: (readers) => tally.keep(readers),
    snapshot: () => ({ ...readiness, ...tally.summary(), waiting: waitingCount(state) }),
    async stop(timeoutMs) {
      if (phase === 'open') phase = 'stopping';
      const done = new AbortController();
      await Promise.race([Promise.all(underWay), clock.sleep(timeoutMs, done.signal)]);
      done.abort();
      phase = 'stopped';
    },
  };
}

/** A caller that cannot write a result down costs nothing more than that. */
function report({ onResult, log }: OutboxDeps, result: DeliveryResult): void {
  try {
    onResult(result);
  } catch (error) {
    log.error({ notification: result.notification.id, err: error }, 'a delivery could not be written down');
  }
}
