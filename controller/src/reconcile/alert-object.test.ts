import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert, ResolvedAlert } from '../model/alert.ts';
import { severities } from '../model/severity.ts';
import { alertFromObject } from './alert-from-object.ts';
import { alertObjectName, alertToObject } from './alert-object.ts';

const epochMs = fc.integer({ min: 0, max: 4_000_000_000_000 });
const severity = fc.constantFrom(...severities);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const reason = fc.constantFrom<ResolvedAlert['resolvedReason'][]>(
  'cleared',
  'event',
  'targetGone',
  'ruleGone',
  'policyGone',
  'suspended',
);
const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);

const base = fc.record({
  policy: word.map((name) => `default/${name}`),
  policyUid: fc.uuid(),
  rule: word,
  target: fc
    .record({ id: fc.string(), host: fc.string(), namespace: fc.string(), name: fc.string(), isHost: fc.boolean() })
    .map(({ isHost, ...target }) => (isHost ? { ...target, kind: 'host' as const } : target)),
  severity,
  message: fc.string(),
  actions: fc.array(fc.string()),
  values: fc.dictionary(
    word,
    fc.oneof(
      fc.double({ noNaN: true }).filter((n) => !Object.is(n, -0)),
      fc.string(),
      fc.boolean(),
    ),
  ),
  levels: fc.array(
    fc.record({
      severity,
      breachedSince: epochMs,
      firing: fc.boolean(),
      clearSince: maybe(epochMs),
      unknownSince: maybe(epochMs),
    }),
  ),
  eventLike: fc.boolean(),
  pendingSince: epochMs,
  silencedBy: maybe(word),
  inhibitedBy: maybe(word),
  acknowledgedBy: maybe(fc.string()),
  notified: fc.record({
    count: fc.nat(),
    lastAt: maybe(epochMs),
    toldSeverity: maybe(severity),
    resolvedTold: fc.boolean(),
    flaps: fc.nat(),
    rejected: maybe(fc.string()),
    rejectedAt: maybe(epochMs),
    lastSeverity: maybe(severity),
  }),
});

const state = fc.oneof(
  fc.constant({ state: 'pending' } as const),
  fc.record({ state: fc.constant('firing' as const), firedAt: epochMs }),
  fc.record({ state: fc.constant('resolved' as const), firedAt: epochMs, resolvedAt: epochMs, resolvedReason: reason }),
);

const alert: fc.Arbitrary<Alert> = fc
  .tuple(base, state)
  .map(([fields, is]) => ({ ...fields, key: `${fields.policy}|${fields.rule}|${fields.target.id}`, ...is }));

/** A pending alert that follows a firing of its own; what nobody is told any more is empty. */
const following = fc
  .record({
    fields: base,
    earlier: fc.record({
      severity,
      message: fc.string(),
      pendingSince: epochMs,
      firedAt: epochMs,
      resolvedAt: epochMs,
      resolvedReason: reason,
    }),
  })
  .map(({ fields, earlier }): Alert => {
    const pending = { ...fields, key: `${fields.policy}|${fields.rule}|${fields.target.id}` };
    return {
      ...pending,
      state: 'pending',
      earlier: { ...pending, ...earlier, state: 'resolved', values: {}, actions: [], levels: [] },
    };
  });

describe('an Alert object', () => {
  it('gives back the alert that it was made of, so that a restart forgets nothing', () => {
    fc.assert(
      fc.property(fc.oneof(alert, following), (original) => {
        const stored = JSON.parse(JSON.stringify(alertToObject(original)));
        expect(alertFromObject(stored)).toEqual(original);
      }),
    );
  });

  it('has a name that Kubernetes takes, whatever the container is called', () => {
    fc.assert(
      fc.property(alert, (any) => {
        expect(alertObjectName(any)).toMatch(/^[a-z0-9]([a-z0-9-]{0,250}[a-z0-9])?$/);
      }),
    );
  });

  it('is not carried on when its status was never written', () => {
    const object = alertToObject(fc.sample(alert, 1)[0]!);
    const { status: _lost, ...withoutStatus } = object;
    expect(alertFromObject(withoutStatus)).toBeUndefined();
  });
});
