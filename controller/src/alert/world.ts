import type { Alert } from '../model/alert.ts';
import { buildPolicy } from '../model/builders.ts';
import type { NotificationReason } from '../model/notification.ts';
import type { Policy } from '../model/policy.ts';
import type { Severity } from '../model/severity.ts';
import type { Silence } from '../model/silence.ts';
import { alertKey, createBook, type AlertBook } from './book.ts';
import { toldOf } from './builders.ts';
import { hostTarget, hostVerdict } from './host-rule.ts';
import { findHolds } from './holds.ts';
import { isWaived, planNotifications, type Planned } from './plan.ts';
import { containerVerdicts, hostStatus, httpVerdict, type Condition } from './world-verdicts.ts';

const second = 1000;

/** What happens between two ticks, and how far the process gets in this one. */
export interface Tick {
  readonly afterMs: number;
  readonly containers: readonly [Condition, Condition];
  readonly isHostAway: boolean;
  /** What people do: a silence over a rule begins or all end, or somebody takes care of all that fires. */
  readonly wish: 'none' | 'silence-down' | 'silence-all' | 'unsilence' | 'acknowledge';
  readonly send: 'works' | 'fails' | 'rejects';
  /** The process dies after so many writes and sends of this tick, at its end at the latest; absent: it lives on. */
  readonly diesAfter?: number | undefined;
}

/** One alert in one mail. */
export interface Telling {
  readonly at: number;
  readonly tick: number;
  readonly policy: string;
  readonly key: string;
  readonly reason: NotificationReason;
  readonly severity: Severity;
  readonly to: readonly string[];
  readonly firedAt: number;
  /** That it was told has reached the disk. */
  written: boolean;
}

/** How things stand after a tick. */
export interface Standing {
  readonly at: number;
  readonly tick: Tick;
  readonly silences: readonly Silence[];
  readonly alerts: readonly Alert[];
  /** Ids of messages that were planned. */
  readonly planned: readonly Planned[];
}

export interface World {
  readonly policies: ReadonlyMap<string, Policy>;
  readonly tellings: readonly Telling[];
  readonly standings: readonly Standing[];
}

const base = buildPolicy({ intervalMs: 30 * second, cooldownMs: 300 * second });
/**
 * Two policies on the same containers: one at once, with more readers for what is critical; the other gathers; to the same
 * readers or to others.
 */
export function policiesOf(sameReaders: boolean): ReadonlyMap<string, Policy> {
  const routes = [{ minSeverity: 'critical', to: ['oncall@example.org'] }] as const;
  const web: Policy = { ...base, key: 'default/web', notify: { ...base.notify, to: ['ops@example.org'], routes } };
  const to = sameReaders ? ['ops@example.org'] : ['dev@example.org'];
  const notify = { ...base.notify, to, groupWaitMs: 20 * second, groupIntervalMs: 60 * second };
  const http: Policy = { ...base, key: 'default/http', cooldownMs: 120 * second, notify };
  return new Map([web, http].map((policy) => [policy.key, policy]));
}

const containers = ['a', 'b'].map((name) => ({ id: `local/${name}`, host: 'local', namespace: '', name }));

/** What outlives the process. */
interface Disk {
  readonly alerts: Map<string, Alert>;
  readonly acknowledged: Set<string>;
}

/**
 * Runs a history through book, holds and plan as the pipeline does: judge, write, hold, write, send, write what was
 * told. Between any two of these the process may die, and another one goes on with what was written.
 */
export function live(history: readonly Tick[], sameReaders: boolean): World {
  const policies = policiesOf(sameReaders);
  const disk: Disk = { alerts: new Map(), acknowledged: new Set() };
  const tellings: Telling[] = [];
  const standings: Standing[] = [];
  let silences: readonly Silence[] = [];
  let book = createBook();
  let now = 1_000_000 * second;
  for (const [index, tick] of history.entries()) {
    now = Math.max(0, now + tick.afterMs);
    silences = silencesAfter(silences, tick);
    const planned: Planned[] = [];
    const steps = runTick({ book, disk, policies, silences, tellings, planned }, { tick, index, now });
    let stepsLeft = tick.diesAfter ?? Infinity;
    while (stepsLeft > 0 && steps.next().done !== true) stepsLeft -= 1;
    if (tick.diesAfter !== undefined) book = reopen(disk);
    standings.push({ at: now, tick, silences, alerts: book.list(), planned });
  }
  return { policies, tellings, standings };
}

interface Process {
  readonly book: AlertBook;
  readonly disk: Disk;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly silences: readonly Silence[];
  readonly tellings: Telling[];
  readonly planned: Planned[];
}

interface Moment {
  readonly tick: Tick;
  readonly index: number;
  readonly now: number;
}

/** Yields before every write and every send. */
function* runTick(process: Process, moment: Moment): Generator<void, void> {
  const { book, disk, policies, silences } = process;
  const { tick, now } = moment;
  for (const policy of policies.values()) judgeAll(book, policy, moment);
  yield* writeAll(process);
  if (tick.wish === 'acknowledge')
    for (const alert of book.list()) if (alert.state === 'firing') disk.acknowledged.add(alert.key);
  for (const { key } of book.list()) book.acknowledge(key, disk.acknowledged.has(key) ? 'ann' : undefined);
  const { holds } = findHolds({
    alerts: book.list(),
    policies,
    defaults: { to: [] },
    silences,
    labelsOf: () => ({}),
    nameOf: ({ key }) => key,
    now,
  });
  book.hold(holds);
  yield* writeAll(process);
  const planned = planNotifications({
    alerts: book.list(),
    policies,
    defaults: { from: 'f@example.org', to: [] },
    now,
  });
  process.planned.push(...planned);
  for (const message of planned) yield* tell(process, message, moment);
}

function judgeAll(book: AlertBook, policy: Policy, { tick, now }: Moment): void {
  book.apply(policy, hostTarget('local'), [hostVerdict(hostStatus(tick.isHostAway), policy)], now);
  for (const [index, target] of containers.entries()) {
    const condition = tick.isHostAway ? 'unread' : (tick.containers[index] ?? 'calm');
    const verdicts =
      policy.key === 'default/web' ? containerVerdicts(condition) : [httpVerdict(condition, tick.isHostAway)];
    book.apply(policy, target, verdicts, now);
  }
}

/** Every alert is an object of its own: one write each, in any state that another one may find. */
function* writeAll({ book, disk }: Process): Generator<void, void> {
  for (const alert of book.list()) {
    if (disk.alerts.get(alert.key) === alert) continue;
    yield;
    disk.alerts.set(alert.key, alert);
    if (alert.state !== 'firing') disk.acknowledged.delete(alert.key);
  }
  for (const key of disk.alerts.keys()) {
    if (book.get(key) !== undefined) continue;
    yield;
    disk.alerts.delete(key);
  }
}

function* tell(process: Process, message: Planned, { tick, index, now }: Moment): Generator<void, void> {
  const { book, tellings } = process;
  if (isWaived(message)) {
    book.markNotified(toldOf(message), { kind: 'waived' }, now);
    yield* writeAll(process);
  }
  if (message.kind === 'skipped' || tick.send === 'fails') return;
  yield;
  if (tick.send === 'rejects') {
    book.markNotified(toldOf(message), { kind: 'rejected', reason: 'no' }, now);
    yield* writeAll(process);
    return;
  }
  const told = message.members.map(({ alert, reason }): Telling => {
    const { key, severity, firedAt } = alert;
    const { policy, to } = message;
    return { at: now, tick: index, policy, key, reason, severity, to, firedAt, written: false };
  });
  tellings.push(...told);
  for (const noted of book.markNotified(toldOf(message), { kind: 'sent' }, now)) {
    yield;
    process.disk.alerts.set(noted.key, noted);
    for (const telling of told) if (telling.key === noted.key) telling.written = true;
  }
}

function reopen({ alerts }: Disk): AlertBook {
  const book = createBook();
  book.restore(JSON.parse(JSON.stringify([...alerts.values()])));
  return book;
}

function silencesAfter(silences: readonly Silence[], { wish }: Tick): readonly Silence[] {
  if (wish === 'unsilence') return [];
  if (wish === 'silence-all') return [buildSilence([])];
  return wish === 'silence-down' ? [buildSilence(['down'])] : silences;
}

function buildSilence(rules: readonly string[]): Silence {
  const nothing = { policies: [], severities: [], containerNames: [] };
  return { key: 'default/works', namespace: 'default', name: 'works', startsAt: 0, rules, ...nothing };
}

/** The alert about a container being down that speaks for the others. */
export function downKeyOf(containerId: string): string {
  return alertKey('default/web', 'down', containerId);
}
