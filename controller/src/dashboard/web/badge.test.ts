import { describe, expect, it } from 'vitest';
import { spokenChange, tabFace } from './badge.ts';
import { alert, view } from './overview/builders.ts';

describe('the tab', () => {
  it.each([
    ['nothing is known', undefined, false, 'unknown', '? Foghorn'],
    ['the data is old', view(), true, 'unknown', '? Foghorn'],
    ['nothing fires', view({ alerts: [alert({ state: 'resolved' })] }), false, 'ok', 'OK Foghorn'],
    [
      'two fire',
      view({ alerts: [alert(), alert({ severity: 'warning' })] }),
      false,
      'critical',
      'CRITICAL (2) Foghorn',
    ],
  ])('when %s', (_case, seen, stale, badge, title) => {
    expect(tabFace(seen, stale, 'overview')).toEqual({ badge, title });
  });

  it('names the view', () => {
    expect(tabFace(view(), false, 'mails').title).toBe('OK mails · Foghorn');
  });
});

describe('what is spoken', () => {
  it('is nothing at first, and nothing when no alert came or went', () => {
    expect(spokenChange(undefined, view({ alerts: [alert()] }))).toBeUndefined();
    expect(spokenChange(view({ alerts: [alert()] }), view({ alerts: [alert({ message: 'longer' })] }))).toBeUndefined();
  });

  it.each([
    ['a critical one interrupts', 'critical', 'assertive'],
    ['others wait', 'warning', 'polite'],
  ] as const)('%s', (_case, severity, urgency) => {
    expect(spokenChange(view(), view({ alerts: [alert({ severity })] }))).toEqual({
      text: `${severity}: web: web is DOWN`,
      urgency,
    });
  });

  it('tells of the end, politely', () => {
    const ended = view({ alerts: [alert({ state: 'resolved' })] });
    expect(spokenChange(view({ alerts: [alert()] }), ended)).toEqual({
      text: 'resolved: down of web',
      urgency: 'polite',
    });
  });

  it('counts what is too much to say', () => {
    const many = view({ alerts: Array.from({ length: 30 }, (_, index) => alert({ key: `${index}` })) });
    expect(spokenChange(view(), many)?.text).toMatch(/and 27 more$/);
  });
});
