import type { AlertIdentity } from '../model/alert.ts';
import type { Severity } from '../model/severity.ts';
import type { LevelVerdict, RuleVerdict, Verdict } from '../model/verdict.ts';
import type { Planned } from './plan.ts';
import type { Told } from './told.ts';

/** Values for tests that set only what matters to them. */
export const identity: AlertIdentity = {
  key: 'default/web|cpu|local/web',
  policy: 'default/web',
  policyUid: 'uid-web',
  rule: 'cpu',
  target: { id: 'local/web', host: 'local', namespace: '', name: 'web' },
};

/** What a message says of its alerts, as the book takes it. */
export function toldOf({ members }: Pick<Planned, 'members'>): readonly Told[] {
  return members.map(({ alert, reason }) => ({ key: alert.key, reason, severity: alert.severity }));
}

export type VerdictWord = 'breach' | 'clear' | 'unknown';

export function buildLevel(word: VerdictWord, overrides: Partial<LevelVerdict> = {}): LevelVerdict {
  const severity = overrides.severity ?? 'critical';
  return { severity, forMs: 0, keepFiringForMs: 0, eventLike: false, verdict: verdictOf(word, severity), ...overrides };
}

function verdictOf(word: VerdictWord, severity: Severity): Verdict {
  switch (word) {
    case 'clear':
      return { kind: 'clear', values: {} };
    case 'unknown':
      return { kind: 'unknown', reason: 'cpu: no reading' };
    default:
      return { kind: 'breach', values: { cpu: 90 }, message: `${severity} breach`, actions: [] };
  }
}

export function buildVerdict(...levels: readonly LevelVerdict[]): RuleVerdict {
  return { rule: identity.rule, levels };
}
