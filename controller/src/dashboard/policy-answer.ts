import type { Alert } from '../model/alert.ts';
import type { Policy, RuleSpec } from '../model/policy.ts';
import type { PolicySnapshot, Snapshot } from '../model/snapshot.ts';
import type { RuleTally } from '../model/standing.ts';
import type { MatchedTarget, PolicyAnswer, PolicyRule, PolicySummary } from './answers/policies.ts';
import type { DeclaredPolicy, PolicyText } from './details.ts';
import type { ConditionView } from './reader.ts';
import { containerView, worstFirst } from './view.ts';
import { whyMatched } from './why.ts';

const MAX_TARGETS = 500;

/** One that is declared and not in force (its spec cannot be read) watches nothing. */
export function policySummary(
  { key, origin, createdAt }: DeclaredPolicy,
  snapshot: Snapshot,
  conditions: readonly ConditionView[],
): PolicySummary {
  const inForce = snapshot.policies.find((policy) => policy.key === key) ?? notInForce(key);
  return { ...inForce, conditions, origin, createdAt };
}

function notInForce(key: string): PolicySnapshot {
  return {
    key,
    uid: '',
    generation: 0,
    suspended: false,
    intervalMs: 0,
    targets: { matched: 0, up: 0, down: 0, unreachable: 0 },
    rules: { valid: 0, invalid: [] },
    alerts: { pending: 0, firing: 0, silenced: 0, unknown: 0 },
    recipients: [],
  };
}

export interface PolicyFacts {
  readonly text: PolicyText;
  readonly snapshot: Snapshot;
  readonly conditions: readonly ConditionView[];
  readonly policy: Policy | undefined;
  readonly tally: readonly RuleTally[];
}

export function policyAnswer({ text, snapshot, conditions, policy, tally }: PolicyFacts): PolicyAnswer {
  const summary = policySummary(text, snapshot, conditions);
  const watched = snapshot.targets.filter(({ policies }) => policies.includes(text.key));
  const targets = policy === undefined ? [] : watched.map(containerView).toSorted(worstFirst);
  const alerts = snapshot.alerts.filter((alert) => alert.policy === text.key);
  return {
    policy: summary,
    resourceVersion: text.resourceVersion,
    yaml: text.yaml,
    targets: targets.slice(0, MAX_TARGETS).map(({ id, name, host, state, severity }): MatchedTarget => ({
      id,
      name,
      host,
      state,
      severity,
      why: policy === undefined ? [] : whyMatched(policy, { name }),
    })),
    targetsLeftOut: Math.max(0, targets.length - MAX_TARGETS),
    rules: (policy?.rules ?? []).map((rule) => ruleOf(rule, { summary, alerts, tally, targets: watched.length })),
  };
}

interface RuleFacts {
  readonly summary: PolicySummary;
  readonly alerts: readonly Alert[];
  readonly tally: readonly RuleTally[];
  readonly targets: number;
}

function ruleOf(rule: RuleSpec, { summary, alerts, tally, targets }: RuleFacts): PolicyRule {
  const { name, severity, expr, forMs, keepFiringForMs } = rule;
  const fault = summary.rules.invalid.find((invalid) => invalid.name === name && invalid.severity === severity);
  const breaching = alerts.filter((alert) => alert.rule === name && isInBreach(alert, severity)).length;
  const unknown = tally.find((one) => one.rule === name)?.unknown ?? 0;
  const clear = fault === undefined ? Math.max(0, targets - breaching - unknown) : 0;
  return { name, severity, expr, forMs, keepFiringForMs, fault: fault?.message ?? null, breaching, clear, unknown };
}

function isInBreach({ levels }: Alert, severity: RuleSpec['severity']): boolean {
  return levels.some((level) => level.severity === severity && level.clearSince === undefined);
}
