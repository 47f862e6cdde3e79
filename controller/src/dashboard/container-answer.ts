import type { Alert } from '../model/alert.ts';
import type { Container, ContainerLinks } from '../model/container.ts';
import type { Observation, ProbeResult } from '../model/observation.ts';
import type { ProbeSpec, RuleSpec } from '../model/policy.ts';
import type { TargetSnapshot } from '../model/snapshot.ts';
import type { Standing } from '../model/standing.ts';
import type { Values, Verdict } from '../model/verdict.ts';
import type { ContainerAnswer, ContainerProbe, RuleStanding } from './answers/container.ts';
import { containerView } from './view.ts';
import { whyMatched } from './why.ts';

export interface ContainerFacts {
  readonly seen: TargetSnapshot;
  readonly container: Container | undefined;
  readonly links: ContainerLinks | undefined;
  readonly standings: readonly Standing[];
  /** Alerts about it. */
  readonly alerts: readonly Alert[];
  /** Why its output cannot be shown. */
  readonly logMissing: string | undefined;
}

/** Labels come from images too: some have hundreds, with whole documents in them. */
const MAX_LABELS = 100;
const MAX_LABEL_CHARS = 400;

export function containerAnswer(facts: ContainerFacts): ContainerAnswer {
  const { seen, container, links, standings, logMissing } = facts;
  const { target } = seen.observation;
  const labels = Object.entries(target.labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    container: containerView(seen),
    instance: target.instance,
    limits: { cpuCores: target.limits.cpuCores ?? null, memoryBytes: target.limits.memoryBytes ?? null },
    labels: labels.slice(0, MAX_LABELS).map(([name, value]) => ({ name: cut(name), value: cut(value) })),
    labelsLeftOut: Math.max(0, labels.length - MAX_LABELS),
    ...lifeOf(container),
    ...linksOf(links),
    probes: standings.flatMap((standing) => probesOf(standing, seen.observation)),
    policies: standings.map(({ policy }) => ({
      key: policy.key,
      suspended: policy.suspend,
      why: whyMatched(policy, target),
    })),
    rules: standings.flatMap((standing) => rulesOf(standing, facts.alerts)),
    thresholds: standings.flatMap(({ policy, bounds }) => bounds.map((bound) => ({ ...bound, policy: policy.key }))),
    log: logMissing === undefined ? { available: true } : { available: false, reason: logMissing },
  };
}

function cut(text: string): string {
  return text.length > MAX_LABEL_CHARS ? `${text.slice(0, MAX_LABEL_CHARS - 1)}…` : text;
}

function lifeOf(
  container: Container | undefined,
): Pick<ContainerAnswer, 'createdAt' | 'finishedAt' | 'exitCode' | 'oomKilled'> {
  return {
    createdAt: container?.createdAt ?? null,
    finishedAt: container?.finishedAt ?? null,
    exitCode: container?.exitCode ?? null,
    oomKilled: container?.oomKilled ?? null,
  };
}

function linksOf(links: ContainerLinks | undefined): Pick<ContainerAnswer, 'ports' | 'networks'> {
  if (links === undefined) return { ports: null, networks: null };
  return {
    ports: links.ports.map(({ hostAddress = null, hostPort = null, ...port }) => ({ ...port, hostAddress, hostPort })),
    networks: links.networks.map(({ name, address = null }) => ({ name, address })),
  };
}

function probesOf({ policy }: Standing, observation: Observation): readonly ContainerProbe[] {
  return policy.probes.map((probe) => {
    const result = observation.probes[probe.name];
    return {
      policy: policy.key,
      name: probe.name,
      kind: probe.kind,
      asks: asksOf(probe),
      result: result === undefined ? null : resultOf(result),
    };
  });
}

/** Without what logs somebody in. */
function asksOf(probe: ProbeSpec): string {
  if (probe.kind === 'postgres') return `${probe.connectionEnv}: ${probe.query}`;
  if (probe.kind === 'tcp') return `${probe.host}:${probe.port}`;
  if (!URL.canParse(probe.url)) return probe.method;
  const { origin, pathname } = new URL(probe.url);
  return `${probe.method} ${origin}${pathname}`;
}

function resultOf({ at, up, status, latencyMs, value, error }: ProbeResult): NonNullable<ContainerProbe['result']> {
  return {
    at,
    up,
    status: status ?? null,
    latencySeconds: latencyMs === undefined ? null : latencyMs / 1000,
    value: value ?? null,
    error: error ?? null,
  };
}

function rulesOf(standing: Standing, alerts: readonly Alert[]): readonly RuleStanding[] {
  const { policy, judgedAt, verdicts } = standing;
  return policy.rules.map((rule) => {
    const alert = alerts.find((one) => one.policy === policy.key && one.rule === rule.name);
    const level = verdicts
      .find((verdict) => verdict.rule === rule.name)
      ?.levels.find(({ severity }) => severity === rule.severity);
    return {
      policy: policy.key,
      rule: rule.name,
      severity: rule.severity,
      expr: rule.expr,
      forMs: rule.forMs,
      keepFiringForMs: rule.keepFiringForMs,
      judgedAt: judgedAt ?? null,
      ...verdictOf(level?.verdict, rule, standing),
      alert: alert === undefined ? null : { key: alert.key, state: alert.state },
    };
  });
}

const nothing: Values = {};

function verdictOf(
  verdict: Verdict | undefined,
  rule: RuleSpec,
  { invalid }: Standing,
): Pick<RuleStanding, 'verdict' | 'reason' | 'values'> {
  if (verdict === undefined) {
    const fault = invalid.find(({ name, severity }) => name === rule.name && severity === rule.severity);
    return { verdict: fault === undefined ? 'notYet' : 'invalid', reason: fault?.message ?? null, values: nothing };
  }
  if (verdict.kind === 'unknown') return { verdict: 'unknown', reason: verdict.reason, values: nothing };
  const reason = verdict.kind === 'breach' ? verdict.message : null;
  return { verdict: verdict.kind, reason, values: verdict.values };
}
