import { createBook, type AlertBook } from '../alert/book.ts';
import { findHolds } from '../alert/holds.ts';
import { planNotifications, type Planned, type PlannedMessage } from '../alert/plan.ts';
import { compilePolicy, type CompiledPolicy } from '../evaluate/compile.ts';
import { evaluatePolicy } from '../evaluate/evaluate.ts';
import type { Alert } from '../model/alert.ts';
import type { RecentSamples, Sample } from '../model/metrics.ts';
import type { NotificationReason } from '../model/notification.ts';
import type { Policy } from '../model/policy.ts';
import type { Severity } from '../model/severity.ts';
import type { RuleVerdict } from '../model/verdict.ts';
import { createCourse, type ReplayedAlert } from './course.ts';
import { nextTelling } from './next-telling.ts';
import { notesOn } from './notes.ts';
import { notRecorded, rebuildLooks, type RebuiltLook } from './rebuild.ts';
import type { RecordedTarget } from './recorded-target.ts';

/** What a policy would have done on recorded samples. */
export interface Replay {
  readonly policy: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly targets: readonly string[];
  /** How many times a target would have been judged. */
  readonly looks: number;
  /** What opened, in order of time; what never fired too. */
  readonly alerts: readonly ReplayedAlert[];
  readonly mails: readonly ReplayedMail[];
  /** Rule levels that could not be decided, and how often. */
  readonly unknown: readonly UnknownVerdicts[];
  /** What a reader must know before believing the rest. */
  readonly notes: readonly string[];
}

export interface ReplayedMail {
  readonly at: number;
  readonly reason: NotificationReason;
  readonly severity: Severity;
  /** Keys of the alerts in it. */
  readonly alerts: readonly string[];
}

export interface UnknownVerdicts {
  readonly rule: string;
  readonly severity: Severity;
  readonly looks: number;
  /** Of the last one. */
  readonly reason: string;
}

export interface ReplayInput {
  readonly policy: Policy;
  readonly recorded: readonly RecordedTarget[];
  readonly fromMs: number;
  readonly toMs: number;
  /** The targets have the labels that they had; absent: only those that their ids tell. */
  readonly hasLabels?: boolean | undefined;
}

interface TargetLook extends RebuiltLook {
  readonly recorded: RecordedTarget;
}

/** Looks of one round lie this close together; the tick after it tells. */
const ROUND_MS = 1000;
const MAX_STEPS_WITHOUT_LOOK = 3;

/** Stands for the controller's own sender and recipients. */
const addresses = { from: 'foghorn@localhost', to: ['recipients'] };

/** Runs the rules, the alert machine and the plan of messages over what was recorded; every mail is taken at once. */
export function replayPolicy(input: ReplayInput): Replay {
  const { policy, recorded, fromMs, toMs } = input;
  const looks = recorded
    .flatMap((one): readonly TargetLook[] => rebuildLooks(one, policy).map((look) => ({ ...look, recorded: one })))
    .filter(({ at }) => at >= fromMs && at <= toMs)
    .toSorted((a, b) => a.at - b.at);
  const run = createRun(policy, Math.max(policy.intervalMs, ...recorded.map(({ resolutionMs }) => resolutionMs)));
  for (const look of looks) {
    run.tellUntil(look.at);
    run.judge(look);
  }
  run.tellUntil(toMs);
  return {
    policy: policy.key,
    fromMs,
    toMs,
    targets: recorded.map(({ target }) => target.id),
    looks: looks.length,
    ...run.result(),
    notes: notesOn(policy, recorded, input.hasLabels ?? false),
  };
}

/** `stepMs` is the usual time between two looks. */
function createRun(policy: Policy, stepMs: number) {
  const book = createBook();
  const compiled = compilePolicy(policy);
  const course = createCourse();
  const unknown = new Map<string, UnknownVerdicts>();
  const seenAt = new Map<string, number>();
  const mails: ReplayedMail[] = [];
  let tellAt: number | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  function tell(now: number): void {
    for (const message of planned(book, policy, now)) {
      const told = message.members.map(({ alert, reason }) => ({ key: alert.key, reason, severity: alert.severity }));
      const isMail = message.kind === 'message';
      book.markNotified(told, { kind: isMail ? 'sent' : 'waived' }, now);
      if (!isMail) continue;
      mails.push(mailOf(message, now));
      for (const { alert } of message.members) course.countMail(alert.key);
    }
  }

  return {
    /** Says what is due between looks; long after the last one no controller ran. */
    tellUntil(now: number): void {
      const until = Math.min(now, lookedAt + MAX_STEPS_WITHOUT_LOOK * stepMs);
      for (; tellAt !== undefined && tellAt <= until; tellAt = nextTelling(book.list(), policy, tellAt)) tell(tellAt);
    },
    judge(look: TargetLook): void {
      const { at, observation, recorded } = look;
      const verdicts = judgeLook(compiled, look, seenAt.get(recorded.target.id));
      if (observation.kind === 'observed') seenAt.set(recorded.target.id, at);
      countUnknown(verdicts, unknown);
      for (const change of book.apply(policy, recorded.target, verdicts, at)) course.take(change, at);
      // Looks of one round go together into one message.
      tellAt = tellAt === undefined || tellAt < at ? at + ROUND_MS : Math.min(tellAt, at + ROUND_MS);
      lookedAt = at;
    },
    result: () => ({ alerts: course.alerts(), mails, unknown: [...unknown.values()] }),
  };
}

function judgeLook(
  compiled: CompiledPolicy,
  { at, observation, recorded }: TargetLook,
  previousAt: number | undefined,
): readonly RuleVerdict[] {
  const recent = recentOf(recorded.samples, at);
  return evaluatePolicy(compiled, { observation, previousAt, recent, now: at, withheld: notRecorded });
}

/** Samples until `now` only: a rule must not see what was still to come. */
function recentOf(samples: readonly Sample[], now: number): RecentSamples {
  return {
    since: (metric, sinceMs) =>
      samples.slice(firstAfter(samples, sinceMs), firstAfter(samples, now)).flatMap(({ at, values }) => {
        const value = values[metric];
        return value === undefined ? [] : [{ at, value }];
      }),
  };
}

function firstAfter(samples: readonly Sample[], at: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((samples[middle]?.at ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

function countUnknown(verdicts: readonly RuleVerdict[], unknown: Map<string, UnknownVerdicts>): void {
  for (const { rule, levels } of verdicts) {
    for (const { severity, verdict } of levels) {
      if (verdict.kind !== 'unknown') continue;
      const key = `${rule}/${severity}`;
      unknown.set(key, { rule, severity, looks: (unknown.get(key)?.looks ?? 0) + 1, reason: verdict.reason });
    }
  }
}

function planned(book: AlertBook, policy: Policy, now: number): readonly Planned[] {
  const alerts: readonly Alert[] = book.list();
  if (alerts.length === 0) return [];
  const input = { policies: new Map([[policy.key, policy]]), defaults: addresses, now };
  const { holds } = findHolds({ ...input, alerts, silences: [], labelsOf: () => ({}), nameOf: ({ key }) => key });
  book.hold(holds);
  return planNotifications({ ...input, alerts: book.list() });
}

function mailOf({ reason, severity, members }: PlannedMessage, at: number): ReplayedMail {
  return { at, reason, severity, alerts: members.map(({ alert }) => alert.key) };
}
