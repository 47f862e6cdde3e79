import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import type { Delivery, EmailMessage, Notification } from '../model/notification.ts';
import { buildFiringAlert, buildNotification, buildNotified } from './builders.ts';
import { MAX_CONCURRENT_SENDS } from './outbox-plan.ts';
import { createOutbox } from './outbox.ts';

const names = ['web', 'db', 'cache', 'queue', 'mail', 'auth'];
const recipients = ['a@example.org', 'b@example.org', 'c@example.org'];
const retryReasons = ['throttled', 'quota', 'paused', 'credentials', 'network', 'server', 'timeout'] as const;

const answer: fc.Arbitrary<Delivery> = fc.oneof(
  fc.constant<Delivery>({ kind: 'sent', messageId: 'x' }),
  fc.constantFrom(...retryReasons).map((reason): Delivery => ({ kind: 'retry', reason, message: 'no' })),
  fc.constant<Delivery>({ kind: 'rejected', reason: 'address', message: 'no' }),
);

/** Version n of the truth about a target; absent when nothing is due about it. */
const truth = fc.dictionary(fc.constantFrom(...names), fc.nat({ max: 3 }), { maxKeys: names.length });

const step = fc.oneof(
  fc.record({ kind: fc.constant('tick' as const), truth, seconds: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant('answer' as const), pick: fc.nat(), answer }),
  fc.record({ kind: fc.constant('jump' as const), ms: fc.integer({ min: -7_200_000, max: 7_200_000 }) }),
);

/** One message for each of three policies with all that is due under it, as the plan makes them. */
function plannedFor(versions: Readonly<Record<string, number>>): readonly Notification[] {
  const byPolicy = Map.groupBy(Object.entries(versions), ([name]) => name.length % 3);
  return [...byPolicy].map(([policy, members]) => {
    const alerts = members.map(([name]) =>
      buildNotified(buildFiringAlert({ target: { id: `local/${name}`, host: 'local', namespace: '', name } })),
    );
    const id = members
      .map(([name, version]) => `${name}#${version}`)
      .toSorted()
      .join('+');
    return buildNotification({ id, alerts, to: recipients.slice(0, 1 + policy) });
  });
}

interface Pending {
  readonly message: EmailMessage;
  readonly settle: (delivery: Delivery) => void;
}

function sharesSubject(one: EmailMessage, other: EmailMessage): boolean {
  const spoken = namesIn(one);
  return one.to === other.to && namesIn(other).some((name) => spoken.includes(name));
}

function namesIn({ id }: EmailMessage): readonly string[] {
  return id.split('+').map((member) => member.split('#', 1)[0] ?? '');
}

/** A service that answers when it is told to, and notes whatever must never be. */
function createScene() {
  const clock = createFakeClock();
  let pending: Pending[] = [];
  const sent: string[] = [];
  const faults: string[] = [];
  const ends = new Set<string>();
  let planned: readonly Notification[] = [];
  const outbox = createOutbox({
    clock,
    log: createSilentLog(),
    render: ({ id }) => ({ subject: id, text: '', html: '' }),
    readiness: { configured: true, message: '' },
    random: () => 0.5,
    onResult: ({ notification, recipient, delivery }) => {
      if (delivery.kind !== 'retry') ends.add(`${notification.id} ${recipient}`);
      if (delivery.kind === 'sent') sent.push(`${notification.id} ${recipient}`);
    },
    notifier: {
      send: (message) => {
        if (pending.some((other) => sharesSubject(other.message, message))) faults.push('two at once');
        if (pending.length >= MAX_CONCURRENT_SENDS) faults.push('too many at once');
        const isPlanned = planned.some(({ id }) => id === message.id);
        const isOwed = sent.some((one) => one.startsWith(`${message.id} `));
        if (!isPlanned && !isOwed) faults.push('neither planned nor owed');
        if (isPlanned && ends.has(`${message.id} ${message.to}`)) faults.push('again after its end');
        return new Promise((settle) => pending.push({ message, settle }));
      },
    },
  });
  return {
    clock,
    outbox,
    sent,
    faults,
    ends,
    pendingCount: () => pending.length,
    offer(next: readonly Notification[]) {
      // What is planned no more may be planned again later as something new.
      for (const end of ends) if (!next.some(({ id }) => id === end.split(' ')[0])) ends.delete(end);
      planned = next;
      outbox.offer(planned, clock.now());
    },
    async answer(pick: number, delivery: Delivery) {
      const chosen = pending[pick % Math.max(1, pending.length)];
      pending = pending.filter((one) => one !== chosen);
      chosen?.settle(delivery);
      await clock.advance(0);
    },
  };
}

describe('the outbox, whatever happens', () => {
  it('never repeats, never lies, never floods, and tells everything once the service is well', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), truth, async (steps, lastTruth) => {
        const scene = createScene();
        for (const one of steps) {
          if (one.kind === 'jump') scene.clock.jump(one.ms);
          else if (one.kind === 'answer') await scene.answer(one.pick, one.answer);
          else {
            scene.offer(plannedFor(one.truth));
            await scene.clock.advance(one.seconds * 1000);
          }
        }
        const wanted = plannedFor(lastTruth);
        for (let minute = 0; minute < 150; minute += 1) {
          scene.offer(wanted);
          while (scene.pendingCount() > 0) await scene.answer(0, { kind: 'sent', messageId: 'x' });
          await scene.clock.advance(60_000);
        }
        expect(scene.faults).toEqual([]);
        const owed = wanted.flatMap(({ id, to }) => to.map((recipient) => `${id} ${recipient}`));
        expect(owed.filter((one) => !scene.ends.has(one))).toEqual([]);
        expect(scene.outbox.snapshot().waiting).toBe(0);
      }),
      { numRuns: 400 },
    );
  });
});
