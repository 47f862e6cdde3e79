import type { Alert, FiringAlert } from '../model/alert.ts';
import type { Policy } from '../model/policy.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { isOwed } from './told.ts';
import type { Planned } from './plan.ts';
import { downKeyOf, type Standing, type Telling, type World } from './world.ts';

/** What must hold of every history; gives what does not. */
export type Invariant = (world: World) => readonly unknown[];

/** Whatever happens: crashes, refusals, clock jumps. */
export const always: Readonly<Record<string, Invariant>> = {
  'tells nothing that a silence holds back': (world) =>
    world.tellings.filter(({ tick, key }) => {
      const rule = key.split('|')[1] ?? '';
      return world.standings[tick]?.silences.some(({ rules }) => rules.length === 0 || rules.includes(rule));
    }),
  'tells nothing that fires on a host that is away': (world) =>
    world.tellings.filter(
      ({ tick, key, reason }) =>
        world.standings[tick]?.tick.isHostAway === true && reason !== 'resolved' && isOfContainer(key) && !isEvent(key),
    ),
  'tells no probe of a container that is down, to those who hear that it is down': (world) =>
    world.tellings.filter(({ key, tick, reason }) => {
      const [, rule, target = ''] = key.split('|');
      const down = world.standings[tick]?.alerts.find((alert) => alert.key === downKeyOf(target));
      const isDown = tickIsDown(world.standings[tick], target) && down?.state === 'firing';
      return rule === 'http' && reason !== 'resolved' && isDown && haveSameReaders(world);
    }),
  'holds back nothing without a reason that lasts': ({ standings }) =>
    standings.filter(({ at, tick, silences, alerts }) => {
      if (tick.diesAfter !== undefined) return false;
      const firing = new Set(alerts.flatMap(({ key, state }) => (state === 'firing' ? [key] : [])));
      const isExplained = ({ target }: Alert): boolean => tick.isHostAway || firing.has(downKeyOf(target.id));
      return alerts.some(
        (alert) =>
          (alert.silencedBy !== undefined && silences.length === 0) ||
          (alert.inhibitedBy !== undefined && !isExplained(alert) && !isInDoubt(alert, at)),
      );
    }),
  'sends one message at most to the same readers of a policy in a tick': ({ standings }) =>
    standings.filter(({ planned }) => new Set(planned.map(readersKey)).size < planned.length),
  'tells an end only after a beginning, and once': ({ tellings }) =>
    tellings.filter((telling, index) => {
      if (telling.reason !== 'resolved') return false;
      const before = tellings.slice(0, index).findLast(({ key, written }) => key === telling.key && written);
      return before === undefined || before.reason === 'resolved';
    }),
  'tells an end to all who heard of the firing, and to nobody else': ({ tellings }) =>
    tellings.filter((telling, index) => {
      if (telling.reason !== 'resolved') return false;
      const before = tellings.slice(0, index).filter(({ key }) => key === telling.key);
      const since = before.slice(before.findLastIndex(({ reason, written }) => reason === 'resolved' && written) + 1);
      const heard = (counts: (one: Telling) => boolean): readonly string[] =>
        since.filter(counts).flatMap(({ to }) => to);
      const hears = (one: string): boolean => telling.to.includes(one);
      return (
        !heard(({ written }) => written).every(hears) || !telling.to.every((one) => heard(() => true).includes(one))
      );
    }),
  'tells what is critical to those of its route too, and them nothing less': ({ tellings }) =>
    tellings.filter(
      ({ to, severity, policy, reason }) =>
        policy === 'default/web' &&
        reason !== 'resolved' &&
        to.includes('oncall@example.org') !== (severity === 'critical'),
    ),
  'has no time in an alert that lies ahead of the clock': ({ standings }) =>
    standings.filter(
      ({ at, alerts, tick }) =>
        tick.diesAfter === undefined && alerts.some((alert) => alert.state !== 'resolved' && isAhead(alert, at)),
    ),
  'gives the message of a group the same id until it is sent, and no two the same': ({ standings }) => {
    const ids = standings.flatMap(({ planned }) =>
      planned.flatMap((one) => (one.kind === 'message' ? [[one.id, membersOf(one.members)] as const] : [])),
    );
    const seen = new Map<string, string>();
    return ids.filter(([id, members]) => {
      const known = seen.get(id);
      seen.set(id, members);
      return known !== undefined && known !== members;
    });
  },
};

/** While messages are taken and the process lives: nobody is left in the dark. */
export const answering: Readonly<Record<string, Invariant>> = {
  'leaves no firing alert untold beyond its cooldown, groupWait and groupInterval': (world) =>
    overdue(world, ({ alert, policy, at }) => {
      const { toldSeverity, lastAt = -Infinity, lastSeverity = 'info' } = alert.notified;
      if (toldSeverity !== undefined) return isWorse(alert.severity, toldSeverity);
      return at - lastAt > policy.cooldownMs || isWorse(alert.severity, lastSeverity);
    }),
  'reminds of a firing alert once the cooldown has passed, unless somebody takes care of it': (world) =>
    overdue(world, ({ alert, policy, at }) => {
      if (alert.acknowledgedBy !== undefined || alert.eventLike) return false;
      return at - (alert.notified.lastAt ?? at) > policy.cooldownMs;
    }),
  'owes nothing once all has been calm': ({ standings }) =>
    (standings.at(-1)?.alerts ?? []).filter((alert) => alert.state !== 'resolved' || isOwed(alert)),
};

/** While the clock runs on, whatever else happens. */
export const steady: Readonly<Record<string, Invariant>> = {
  'repeats a first message of one firing only when the process died between send and write': ({ tellings }) =>
    tellings.filter(
      (telling, index) =>
        telling.reason === 'first' &&
        tellings.slice(0, index).some((before) => isSameFiring(before, telling) && before.written),
    ),
  'never tells more than the cooldown allows, apart from what got worse and what ended': ({ policies, tellings }) =>
    tellings.filter((telling, index) => {
      if (telling.reason === 'escalated' || telling.reason === 'resolved') return false;
      const before = tellings.slice(0, index).findLast(({ key, written }) => key === telling.key && written);
      if (before === undefined) return false;
      const isEarly = telling.at - before.at <= (policies.get(telling.policy)?.cooldownMs ?? 0);
      return isEarly && !(telling.reason === 'first' && isWorse(telling.severity, before.severity));
    }),
  'leaves groupInterval between two messages of a policy, apart from what got worse': ({ policies, tellings }) =>
    tellings.filter((telling, index) => {
      const intervalMs = policies.get(telling.policy)?.notify.groupIntervalMs ?? 0;
      const mates = tellings.filter(({ tick, policy }) => tick === telling.tick && policy === telling.policy);
      if (mates.some(({ reason }) => reason === 'escalated')) return false;
      const before = tellings
        .slice(0, index)
        .findLast(({ policy, tick, written }) => policy === telling.policy && tick !== telling.tick && written);
      return before !== undefined && telling.at - before.at < intervalMs;
    }),
  'reminds nobody of what somebody takes care of': ({ standings, tellings }) =>
    tellings.filter(({ key, tick, reason }) => {
      const alert = standings[tick]?.alerts.find((one) => one.key === key);
      return reason === 'reminder' && alert?.state === 'firing' && alert.acknowledgedBy !== undefined;
    }),
};

function readersKey(message: Planned): string {
  return JSON.stringify([message.policy, message.kind === 'message' ? message.to : message.skipped]);
}

interface Firing {
  readonly alert: FiringAlert;
  readonly policy: Policy;
  readonly at: number;
}

function overdue({ policies, standings }: World, isOverdue: (firing: Firing) => boolean): readonly unknown[] {
  return standings.flatMap((standing) => {
    const { at, tick, alerts } = standing;
    if (tick.send !== 'works' || tick.diesAfter !== undefined) return [];
    return alerts.filter((alert) => {
      const policy = policies.get(alert.policy);
      if (alert.state !== 'firing' || policy === undefined || isHeld(alert) || mayWait(standing, alert, policy))
        return false;
      return isOverdue({ alert, policy, at });
    });
  });
}

function isHeld({ silencedBy, inhibitedBy }: Alert): boolean {
  return silencedBy !== undefined || inhibitedBy !== undefined;
}

function mayWait({ at, alerts }: Standing, alert: FiringAlert, { key, notify }: Policy): boolean {
  const isNew = at - alert.firedAt < notify.groupWaitMs;
  const isAfterAnother = alerts.some(
    ({ policy, notified: { lastAt } }) =>
      policy === key && lastAt !== undefined && at >= lastAt && at - lastAt < notify.groupIntervalMs,
  );
  return isNew || isAfterAnother;
}

function membersOf(members: readonly { readonly alert: Alert; readonly reason: string }[]): string {
  return members
    .map(({ alert, reason }) => `${alert.key} ${reason} ${alert.notified.count}`)
    .toSorted()
    .join();
}

function isSameFiring(a: Telling, b: Telling): boolean {
  return a.reason === b.reason && a.key === b.key && a.firedAt === b.firedAt;
}

function isOfContainer(key: string): boolean {
  return !key.includes('|host|');
}

/** It happened before the host went away, and is told late. */
function isEvent(key: string): boolean {
  return key.includes('|restart|');
}

function tickIsDown(standing: Standing | undefined, target: string): boolean {
  return standing?.tick.containers[target === 'local/a' ? 0 : 1] === 'down' && !standing.tick.isHostAway;
}

function haveSameReaders({ policies }: World): boolean {
  return new Set([...policies.values()].map(({ notify }) => notify.to?.join())).size === 1;
}

function isWorse(a: Severity, b: Severity): boolean {
  return compareSeverity(a, b) > 0;
}

function isAhead({ pendingSince, notified, levels }: Alert, at: number): boolean {
  const timers = levels.flatMap((level) => [level.breachedSince, level.clearSince ?? 0, level.unknownSince ?? 0]);
  return [pendingSince, notified.lastAt ?? 0, notified.rejectedAt ?? 0, ...timers].some((time) => time > at);
}

/** It cannot be judged for now, since less than a minute. */
function isInDoubt({ levels }: Alert, at: number): boolean {
  return levels.every(({ unknownSince }) => unknownSince !== undefined && at - unknownSince < 60_000);
}
