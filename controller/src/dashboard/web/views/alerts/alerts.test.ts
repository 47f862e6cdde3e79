import { describe, expect, it } from 'vitest';
import type { AlertMoment, AlertStory } from '../../../answers/alerts.ts';
import { filterOf, isWanted } from './alert-filter.ts';
import { momentsOf, spansOf } from './story.ts';

const moment = (at: number, kind: AlertMoment['kind'], severity: AlertMoment['severity'] = null): AlertMoment => ({
  at,
  kind,
  severity,
  reason: `${kind} at ${at}`,
});

const story = (over: Partial<AlertStory>): AlertStory => ({
  key: 'default/web|cpu|local/web',
  policy: 'default/web',
  rule: 'cpu',
  severity: 'critical',
  state: 'firing',
  container: 'web',
  host: 'local',
  message: 'CPU is high',
  since: 100,
  firedAt: 200,
  resolvedAt: null,
  notifications: 0,
  lastNotifiedAt: null,
  rejected: null,
  target: 'local/web',
  pendingSince: 100,
  resolvedReason: null,
  actions: [],
  values: {},
  silencedBy: null,
  inhibitedBy: null,
  acknowledgedBy: null,
  objectName: null,
  timeline: [],
  ...over,
});

const shape = (given: AlertStory) => spansOf(given).map(({ kind, fromMs, toMs }) => [kind, fromMs, toMs]);

describe('the story of an alert as spans', () => {
  it('is pending until it fires', () => {
    expect(shape(story({ state: 'pending', firedAt: null }))).toEqual([['pending', 100, null]]);
  });

  it('changes with its severity and ends when it resolves', () => {
    const timeline = [
      moment(100, 'pending', 'warning'),
      moment(200, 'fired', 'warning'),
      moment(210, 'told', 'warning'),
      moment(300, 'escalated', 'critical'),
      moment(400, 'resolved'),
    ];
    expect(shape(story({ state: 'resolved', resolvedAt: 400, timeline }))).toEqual([
      ['pending', 100, 200],
      ['warning', 200, 300],
      ['critical', 300, 400],
    ]);
  });

  it('knows when it fired though its moments are lost', () => {
    expect(shape(story({ state: 'resolved', resolvedAt: 500 }))).toEqual([
      ['pending', 100, 200],
      ['critical', 200, 500],
    ]);
  });

  it('that never fired ends where it was dropped', () => {
    const timeline = [moment(100, 'pending'), moment(150, 'dropped')];
    expect(shape(story({ state: 'resolved', firedAt: null, resolvedAt: 150, timeline }))).toEqual([
      ['pending', 100, 150],
    ]);
  });

  it('has signs for mails and for what people did', () => {
    const timeline = [moment(200, 'fired'), moment(210, 'told'), moment(220, 'acknowledged')];
    expect(momentsOf(story({ timeline })).map(({ sign }) => sign)).toEqual(['✉', '✓']);
  });
});

describe('the filter of alerts', () => {
  it.each([
    [{}, true],
    [{ state: 'firing' }, true],
    [{ state: 'resolved' }, false],
    [{ severity: 'warning' }, false],
    [{ policy: 'default/web' }, true],
    [{ policy: 'default/other' }, false],
    [{ q: 'HIGH web' }, true],
    [{ q: 'high other' }, false],
  ])('%j', (query, wanted) => {
    expect(isWanted(story({}), filterOf(query))).toBe(wanted);
  });
});
