import { describe, expect, it } from 'vitest';
import type { FiringAlert, PendingAlert } from '../model/alert.ts';
import { buildEpisode } from '../model/builders.ts';
import { alertsAnswer, type AlertsFacts } from './alert-answer.ts';

const target = { id: 'local/web', host: 'local', namespace: '', name: 'web' };
const firing: FiringAlert = {
  key: 'default/web|down|local/web',
  policy: 'default/web',
  policyUid: 'u',
  rule: 'down',
  target,
  severity: 'critical',
  message: 'web is down',
  actions: ['start it'],
  values: { up: false },
  levels: [],
  eventLike: false,
  pendingSince: 900,
  notified: { count: 0, resolvedTold: false, flaps: 0 },
  state: 'firing',
  firedAt: 1000,
};
const now = 100 * 86_400_000;

function answer(facts: Partial<AlertsFacts>) {
  const span = { fromMs: 0, toMs: 10_000 };
  const nothing = { span, state: undefined, limit: 10, alerts: [], episodes: [], objectName: () => 'web-down-1' };
  return alertsAnswer({ ...nothing, ...facts }, now);
}

describe('the history of alerts', () => {
  const told = { at: 1000, kind: 'told', severity: 'critical', reason: 'first' } as const;
  const present = buildEpisode({ id: `${firing.key}@1000`, firedAt: 1000, moments: [told] });
  const earlier = buildEpisode({
    id: `${firing.key}@10`,
    pendingSince: 10,
    firedAt: 10,
    resolvedAt: 20,
    resolvedReason: 'cleared',
  });

  it('has an alert once, with its story, and its earlier firings after it', () => {
    const { alerts } = answer({ alerts: [firing], episodes: [present, earlier] });
    expect(alerts).toMatchObject([
      { state: 'firing', firedAt: 1000, timeline: [told], objectName: 'web-down-1', actions: ['start it'] },
      { state: 'resolved', firedAt: 10, resolvedAt: 20, resolvedReason: 'cleared', objectName: null },
    ]);
  });

  it('has what is pending, of which there is no story yet', () => {
    const { firedAt: _firedAt, ...rest } = firing;
    const pending: PendingAlert = { ...rest, state: 'pending' };
    expect(answer({ alerts: [pending] }).alerts).toMatchObject([
      { state: 'pending', firedAt: null, timeline: [{ kind: 'pending', at: 900 }] },
    ]);
  });

  it('has of the present only what lies in the time, and in the state that was asked for', () => {
    expect(answer({ alerts: [firing], span: { fromMs: 0, toMs: 500 } }).alerts).toEqual([]);
    expect(answer({ alerts: [firing], episodes: [present, earlier], state: 'resolved' }).alerts).toHaveLength(1);
  });

  it('says how many it has no room for, and since when it knows', () => {
    const { leftOut, knownSince, alerts } = answer({ alerts: [firing], episodes: [present, earlier], limit: 1 });
    expect([leftOut, alerts.length]).toEqual([1, 1]);
    expect(knownSince).toBe(10 * 86_400_000);
  });
});
