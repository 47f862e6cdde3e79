import { describe, expect, it } from 'vitest';
import type { AlertLevel, FiringAlert } from '../model/alert.ts';
import { buildPolicy } from '../model/builders.ts';
import { identity } from './builders.ts';
import { findHolds } from './holds.ts';

const now = 1_000_000;
const level: AlertLevel = { severity: 'critical', breachedSince: 0, firing: true };

/** The probe of a container, which was explained by the container being down until now. */
function explained(levels: readonly AlertLevel[], overrides: Partial<FiringAlert> = {}): FiringAlert {
  return {
    ...identity,
    state: 'firing',
    severity: 'critical',
    message: 'probe http failed',
    actions: [],
    values: { 'probes.http.up': false },
    levels,
    eventLike: false,
    pendingSince: 0,
    firedAt: 0,
    notified: { count: 0, flaps: 0, resolvedTold: false },
    inhibitedBy: 'default-down-web',
    ...overrides,
  };
}

function holdOf(alert: FiringAlert): string | undefined {
  const { holds } = findHolds({
    alerts: [alert],
    policies: new Map([[identity.policy, buildPolicy()]]),
    defaults: { from: 'f@example.org', to: ['t@example.org'] },
    silences: [],
    labelsOf: () => ({}),
    nameOf: ({ rule }) => rule,
    now,
  });
  return holds.get(alert.key)?.inhibitedBy;
}

describe('an alert whose explanation is over', () => {
  it.each<[string, FiringAlert, string | undefined]>([
    [
      'is held back until it has been judged again',
      explained([{ ...level, unknownSince: now - 5000 }]),
      'default-down-web',
    ],
    ['is told when it is seen to be true', explained([level]), undefined],
    ['is told when any of its levels is', explained([{ ...level, unknownSince: now - 5000 }, level]), undefined],
    ['is told after a minute of doubt', explained([{ ...level, unknownSince: now - 60_000 }]), undefined],
    [
      'is told at once where it is an event',
      explained([{ ...level, unknownSince: now }], { eventLike: true }),
      undefined,
    ],
    [
      'is not held back by doubt alone',
      explained([{ ...level, unknownSince: now }], { inhibitedBy: undefined }),
      undefined,
    ],
  ])('%s', (_name, alert, expected) => {
    expect(holdOf(alert)).toBe(expected);
  });
});
