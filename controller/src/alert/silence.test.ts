import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../model/alert.ts';
import { severities } from '../model/severity.ts';
import type { Silence } from '../model/silence.ts';
import { createBook } from './book.ts';
import { buildLevel, buildVerdict, identity } from './builders.ts';
import { hostTarget } from './host-rule.ts';
import { matchesSilence, silenceState } from './silence.ts';

function buildSilence(overrides: Partial<Silence> = {}): Silence {
  return {
    key: 'default/works',
    namespace: 'default',
    name: 'works',
    startsAt: 0,
    policies: [],
    rules: [],
    severities: [],
    containerNames: [],
    ...overrides,
  };
}

function buildAlert(target = identity.target): Alert {
  const book = createBook();
  book.apply({ key: identity.policy, uid: '' }, target, [buildVerdict(buildLevel('breach'))], 0);
  const [alert] = book.list();
  if (alert === undefined) throw new Error('nothing fired');
  return alert;
}

const labels = { tier: 'front' };
const selectFront = { matchLabels: { tier: 'front' }, matchExpressions: [] };

describe('a silence', () => {
  it.each<[string, Partial<Silence>, boolean]>([
    ['all that it does not name', {}, true],
    ['its policies', { policies: ['db', 'web'] }, true],
    ['other policies', { policies: ['db'] }, false],
    ['its rules', { rules: ['cpu'] }, true],
    ['other rules', { rules: ['down'] }, false],
    ['its severities', { severities: ['critical'] }, true],
    ['other severities', { severities: ['info', 'warning'] }, false],
    ['its names', { containerNames: ['we*'] }, true],
    ['other names', { containerNames: ['db*'] }, false],
    ['its labels', { targetSelector: selectFront }, true],
    ['other labels', { targetSelector: { matchLabels: { tier: 'back' }, matchExpressions: [] } }, false],
    ['policies of another namespace', { namespace: 'other' }, false],
    ['one of several that does not match', { rules: ['cpu'], severities: ['info'] }, false],
  ])('is about %s or not', (_name, silence, expected) => {
    expect(matchesSilence(buildSilence(silence), buildAlert(), labels)).toBe(expected);
  });

  it('is about a host only when it asks for no container', () => {
    const host = buildAlert(hostTarget('local'));
    expect(matchesSilence(buildSilence(), host, {})).toBe(true);
    expect(matchesSilence(buildSilence({ containerNames: ['*'] }), host, {})).toBe(false);
    expect(matchesSilence(buildSilence({ targetSelector: { matchLabels: {}, matchExpressions: [] } }), host, {})).toBe(
      false,
    );
  });

  it('matches less the more it asks for', () => {
    const parts = fc.record({
      policies: fc.subarray(['web', 'db']),
      rules: fc.subarray(['cpu', 'down']),
      severities: fc.subarray([...severities]),
      containerNames: fc.subarray(['web', 'w*', 'db']),
      targetSelector: fc.option(fc.constant(selectFront), { nil: undefined }),
    });
    fc.assert(
      fc.property(parts, (asked) => {
        const alone = Object.entries(asked).map(([field, value]) => buildSilence({ [field]: value }));
        const expected = alone.every((silence) => matchesSilence(silence, buildAlert(), labels));
        expect(matchesSilence(buildSilence(asked), buildAlert(), labels)).toBe(expected);
      }),
    );
  });

  it.each([
    ['before it', -1, 'Pending'],
    ['at its begin', 0, 'Active'],
    ['within', 99, 'Active'],
    ['at its end', 100, 'Expired'],
  ])('stands at %s', (_name, now, expected) => {
    expect(silenceState(buildSilence({ endsAt: 100 }), now)).toBe(expected);
  });

  it('with a schedule is active in its windows only, and expires when it ends', () => {
    const schedule = { days: [], startMinute: 60, endMinute: 120, timeZone: 'UTC' };
    const silence = buildSilence({ schedule, startsAt: 0, endsAt: 2 * 86_400_000 });
    const at = (hours: number): string => silenceState(silence, hours * 3_600_000);
    expect([at(0.5), at(1.5), at(2.5), at(25.5), at(49.5)]).toEqual([
      'Pending',
      'Active',
      'Pending',
      'Active',
      'Expired',
    ]);
  });
});
