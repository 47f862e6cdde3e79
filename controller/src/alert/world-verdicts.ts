import type { HostStatus } from '../model/host.ts';
import type { Severity } from '../model/severity.ts';
import type { LevelVerdict, RuleVerdict, Values, Verdict } from '../model/verdict.ts';

const second = 1000;

/** How a container is at one look. */
export type Condition = 'calm' | 'busy' | 'hot' | 'down' | 'restarted' | 'unread';

/** A host that is away, or is not. */
export function hostStatus(isAway: boolean): HostStatus {
  const host = { host: 'local', runtime: 'docker', since: 0 } as const;
  if (isAway) return { ...host, reachable: false, reason: 'Refused', message: 'refused' };
  return { ...host, reachable: true, engineVersion: '', apiVersion: '', source: 'cgroup', cpus: 1, memoryBytes: 1 };
}

type Answer = boolean | undefined;

/** What the rules about a container say of it. */
export function containerVerdicts(condition: Condition): readonly RuleVerdict[] {
  const isRead = condition !== 'unread';
  const isUp = isRead ? condition !== 'down' : undefined;
  const ifUp = (answer: boolean): Answer => (isUp === true ? answer : undefined);
  return [
    ruleOf('down', [level('critical', isUp === undefined ? undefined : !isUp, { values: { up: false } })]),
    ruleOf('cpu', [
      level('critical', ifUp(condition === 'hot'), { values: { cpu: 95 }, forMs: 60 * second }),
      level('warning', ifUp(condition === 'hot' || condition === 'busy'), { values: { cpu: 70 } }),
    ]),
    ruleOf('restart', [
      level('info', isRead ? condition === 'restarted' : undefined, { values: { restarted: true }, eventLike: true }),
    ]),
  ];
}

/** A probe needs no engine: it fails while the host is away, and while the container is down. */
export function httpVerdict(condition: Condition, isHostAway: boolean): RuleVerdict {
  const isSilent = isHostAway || condition === 'down' || condition === 'hot';
  return ruleOf('http', [level('critical', isSilent, { values: { 'probes.http.up': false } })]);
}

function ruleOf(rule: string, levels: readonly LevelVerdict[]): RuleVerdict {
  return { rule, levels };
}

interface LevelParts {
  readonly values: Values;
  readonly forMs?: number;
  readonly eventLike?: boolean;
}

function level(
  severity: Severity,
  isBreach: Answer,
  { values, forMs = 0, eventLike = false }: LevelParts,
): LevelVerdict {
  return { severity, forMs, keepFiringForMs: 0, eventLike, verdict: verdictOf(isBreach, values) };
}

function verdictOf(isBreach: Answer, values: Values): Verdict {
  if (isBreach === undefined) return { kind: 'unknown', reason: 'no reading' };
  return isBreach ? { kind: 'breach', values, message: '', actions: [] } : { kind: 'clear', values };
}
