import type { Alert, AlertChange, AlertIdentity, AlertTarget } from '../model/alert.ts';
import type { LevelVerdict, RuleVerdict } from '../model/verdict.ts';
import { advance, goBack, resolve, type ResolvedReason } from './advance.ts';
import type { Holds } from './holds.ts';
import { isOwed, recordResult, type SendResult, type Told } from './told.ts';

/** About 1 kB each: bounds the memory that a policy gone wild can take. */
const MAX_ALERTS = 20_000;
/** After a day the end of an alert is no news any more, told or not. */
const OWED_RETENTION_MS = 86_400_000;

/** Whose rules were judged. */
export interface PolicyIdentity {
  readonly key: string;
  readonly uid: string;
}

/** All alerts that are pending, firing, or resolved and still shown. */
export interface AlertBook {
  /** Takes the verdicts of one policy about one target. Alerts of rules that are not among them are left alone. */
  apply(
    policy: PolicyIdentity,
    target: AlertTarget,
    verdicts: readonly RuleVerdict[],
    now: number,
  ): readonly AlertChange[];
  /** Resolves what a policy says about targets other than these. */
  keepTargets(policyKey: string, targetIds: ReadonlySet<string>, now: number): readonly AlertChange[];
  /** Resolves what a policy says by rules other than these. */
  keepRules(policyKey: string, rules: ReadonlySet<string>, now: number): readonly AlertChange[];
  /** Resolves all that a policy says, without a message. */
  suspend(policyKey: string, now: number): readonly AlertChange[];
  /** Ends and forgets all that a policy said, without a message: its objects go with it. */
  forgetPolicy(policyKey: string, now: number): readonly AlertChange[];
  /** Notes why nothing is told about alerts for now, by key; gives those that it changed, to be written. */
  hold(holds: ReadonlyMap<string, Holds>): readonly Alert[];
  /** Notes who takes care of a firing alert, or that nobody does; gives it when that is news, to be written. */
  acknowledge(key: string, by: string | undefined): Alert | undefined;
  /** Takes alerts as they were written by an earlier process. */
  restore(alerts: readonly Alert[]): void;
  /** Notes how a message about these alerts went; gives the alerts as they are now, to be written. */
  markNotified(told: readonly Told[], result: SendResult, now: number): readonly Alert[];
  /** Readers of a policy are others now: what all of the former refused is due again. Gives the alerts, to be written. */
  tryAgain(policyKey: string): readonly Alert[];
  /** Forgets what was resolved long ago; gives the keys, whose objects can go. */
  prune(retentionMs: number, now: number): readonly string[];
  get(key: string): Alert | undefined;
  list(): readonly Alert[];
  /** How many alerts were not taken because the book was full. */
  refused(): number;
}

export function createBook(maxAlerts: number = MAX_ALERTS): AlertBook {
  const alerts: Alerts = new Map();
  let refused = 0;

  function step(
    policy: PolicyIdentity,
    target: AlertTarget,
    verdict: RuleVerdict,
    now: number,
  ): AlertChange | undefined {
    const key = alertKey(policy.key, verdict.rule, target.id);
    const previous = alerts.get(key);
    if (previous === undefined && !verdict.levels.some(isBreach)) return undefined;
    if (previous === undefined && !makeRoom(alerts, maxAlerts)) {
      refused += 1;
      return undefined;
    }
    const { alert, change } = advance(previous, { identity: identityOf(policy, target, verdict.rule), verdict, now });
    if (alert === undefined) alerts.delete(key);
    else alerts.set(key, alert);
    return change;
  }

  return {
    apply: (policy, target, verdicts, now) => verdicts.flatMap((verdict) => step(policy, target, verdict, now) ?? []),
    keepTargets: (policyKey, targetIds, now) =>
      endAll(alerts, ({ policy, target }) => policy === policyKey && !targetIds.has(target.id), 'targetGone', now),
    keepRules: (policyKey, rules, now) =>
      endAll(alerts, ({ policy, rule }) => policy === policyKey && !rules.has(rule), 'ruleGone', now),
    suspend: (policyKey, now) => endAll(alerts, ({ policy }) => policy === policyKey, 'suspended', now),
    forgetPolicy(policyKey, now) {
      const changes = endAll(alerts, ({ policy }) => policy === policyKey, 'policyGone', now);
      for (const { key, policy } of alerts.values()) if (policy === policyKey) alerts.delete(key);
      return changes;
    },
    hold: (holds) =>
      [...alerts.values()].flatMap((alert) => {
        const { silencedBy, inhibitedBy } = holds.get(alert.key) ?? {};
        if (alert.silencedBy === silencedBy && alert.inhibitedBy === inhibitedBy) return [];
        const held = { ...alert, silencedBy, inhibitedBy };
        alerts.set(alert.key, held);
        return held;
      }),
    acknowledge(key, by) {
      const alert = alerts.get(key);
      if (alert?.state !== 'firing' || alert.acknowledgedBy === by) return undefined;
      const acknowledged = { ...alert, acknowledgedBy: by };
      alerts.set(key, acknowledged);
      return acknowledged;
    },
    restore(written) {
      for (const alert of written) if (makeRoom(alerts, maxAlerts)) alerts.set(alert.key, alert);
    },
    markNotified: (told, result, now) =>
      told.flatMap((one) => {
        const alert = alerts.get(one.key);
        if (alert === undefined) return [];
        const noted = recordResult(alert, one, result, now);
        alerts.set(alert.key, noted);
        return noted;
      }),
    tryAgain: (policyKey) => tryAgain(alerts, policyKey),
    prune(retentionMs, now) {
      const old = [...alerts.values()].filter((alert) => isStale(alert, retentionMs, now)).map(({ key }) => key);
      for (const key of old) alerts.delete(key);
      return old;
    },
    get: (key) => alerts.get(key),
    list: () => [...alerts.values()],
    refused: () => refused,
  };
}

type Alerts = Map<string, Alert>;

function isBreach({ verdict }: LevelVerdict): boolean {
  return verdict.kind === 'breach';
}

/** Whether one more fits; of a full book the alert that was entered first among the resolved ones goes. */
function makeRoom(alerts: Alerts, maxAlerts: number): boolean {
  if (alerts.size < maxAlerts) return true;
  const ended = alerts.values().find(({ state }) => state === 'resolved');
  return ended !== undefined && alerts.delete(ended.key);
}

function tryAgain(alerts: Alerts, policyKey: string): readonly Alert[] {
  return [...alerts.values()].flatMap((alert) => {
    if (alert.policy !== policyKey || alert.notified.rejectedAt === undefined) return [];
    const due = { ...alert, notified: { ...alert.notified, rejected: undefined, rejectedAt: undefined } };
    alerts.set(alert.key, due);
    return due;
  });
}

type Which = (alert: Alert) => boolean;

function endAll(alerts: Alerts, which: Which, reason: ResolvedReason, now: number): readonly AlertChange[] {
  return [...alerts.values()].filter(which).flatMap((alert) => endOne(alerts, alert, reason, now) ?? []);
}

function endOne(alerts: Alerts, alert: Alert, reason: ResolvedReason, now: number): AlertChange | undefined {
  if (alert.state === 'resolved') return undefined;
  const resolved = alert.state === 'pending' ? goBack(alert, now) : resolve(alert, reason, now);
  if (resolved !== undefined) {
    alerts.set(alert.key, resolved);
    return { kind: 'resolved', alert: resolved };
  }
  alerts.delete(alert.key);
  return alert.state === 'pending' ? { kind: 'dropped', alert } : undefined;
}

function isStale(alert: Alert, retentionMs: number, now: number): boolean {
  if (alert.state !== 'resolved') return false;
  const keepMs = isOwed(alert) ? Math.max(retentionMs, OWED_RETENTION_MS) : retentionMs;
  return now - alert.resolvedAt >= keepMs;
}

function identityOf(policy: PolicyIdentity, target: AlertTarget, rule: string): AlertIdentity {
  const { id, host, namespace, name, kind } = target;
  return {
    key: alertKey(policy.key, rule, id),
    policy: policy.key,
    policyUid: policy.uid,
    rule,
    target: { id, host, namespace, name, ...(kind !== undefined && { kind }) },
  };
}

export function alertKey(policyKey: string, rule: string, targetId: string): string {
  return `${policyKey}|${rule}|${targetId}`;
}
