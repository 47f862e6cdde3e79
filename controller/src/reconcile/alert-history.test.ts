import { describe, expect, it } from 'vitest';
import type { Delivery } from '../model/notification.ts';
import type { AlertStatus } from '../model/resources.generated.ts';
import { buildFiringAlert } from '../notify/builders.ts';
import { historyOf, tellingEvent } from './alert-history.ts';

const pending: AlertStatus = { state: 'Pending', severity: 'warning', message: 'cpu is 70' };
const firing: AlertStatus = { ...pending, state: 'Firing', firingSince: '2026-01-01T00:00:00.000Z' };
const resolved: AlertStatus = {
  ...firing,
  state: 'Resolved',
  resolvedTime: '2026-01-01T00:12:00.400Z',
  resolvedReason: 'Cleared',
};
const told = '2026-01-01T00:00:01.000Z';
const again: AlertStatus = { ...firing, firingSince: '2026-01-01T00:13:00.000Z', lastNotificationTime: told };

function history(before: AlertStatus | undefined, after: AlertStatus): readonly string[] {
  return historyOf(before, after).map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
}

describe('the history of an alert', () => {
  it.each<[string, AlertStatus | undefined, AlertStatus, readonly string[]]>([
    ['begins', undefined, pending, ['Normal Pending: warning: cpu is 70']],
    ['fires at once', undefined, firing, ['Warning Firing: warning: cpu is 70']],
    ['fires after a while', pending, firing, ['Warning Firing: warning: cpu is 70']],
    ['has other words', firing, { ...firing, message: 'cpu is 71' }, []],
    ['gets worse', firing, { ...firing, severity: 'critical' }, ['Warning Escalated: warning to critical: cpu is 70']],
    ['calms down', { ...firing, severity: 'critical' }, firing, ['Normal DeEscalated: critical to warning: cpu is 70']],
    ['gets worse before it fires', pending, { ...pending, severity: 'critical' }, []],
    ['ends', firing, resolved, ['Normal Resolved: it is clear after 12m']],
    [
      'ends with its target',
      firing,
      { ...resolved, resolvedReason: 'TargetGone' },
      [expect.stringContaining('no longer')],
    ],
    ['fires again', resolved, again, [`Warning Firing: warning: cpu is 70; told last at ${told}`]],
    ['fired again while nobody could write', firing, again, [expect.stringContaining('Firing')]],
    ['came and went while nobody could write', undefined, resolved, [expect.stringContaining('Resolved')]],
    ['has a clock that was set back', again, { ...again, firingSince: '2025-12-31T00:00:00.000Z' }, []],
    [
      'was pending again and is clear again',
      { ...pending, earlier: { firingSince: firing.firingSince ?? '' } },
      resolved,
      ['Normal Dropped: clear again before it fired'],
    ],
    [
      'flaps',
      resolved,
      { ...again, flaps: 2, lastNotificationTime: undefined },
      [expect.stringContaining('Firing'), expect.stringContaining('Warning Flapping: came and went 2 times untold')],
    ],
    [
      'is silenced',
      firing,
      { ...firing, silencedBy: 'works' },
      [expect.stringContaining('Normal Held: silenced by works')],
    ],
    [
      'is explained',
      firing,
      { ...firing, inhibitedBy: 'host-x' },
      [expect.stringContaining('explained by alert host-x')],
    ],
    ['is free again', { ...firing, silencedBy: 'works' }, firing, ['Normal Released: no longer silenced by works']],
    ['ends while it is held', { ...firing, silencedBy: 'works' }, resolved, [expect.stringContaining('Resolved')]],
    ["is somebody's", firing, { ...firing, acknowledgedBy: 'ann' }, [expect.stringContaining('Acknowledged: by ann')]],
    ["is nobody's again", { ...firing, acknowledgedBy: 'ann' }, firing, [expect.stringContaining('Unacknowledged')]],
    ["is somebody's and ends", { ...firing, acknowledgedBy: 'ann' }, resolved, [expect.stringContaining('Resolved')]],
  ])('of one that %s', (_, before, after, events) => {
    expect(history(before, after)).toEqual(events);
  });
});

describe('the telling of an alert', () => {
  const alert = buildFiringAlert({ severity: 'critical' });

  it.each<[string, Delivery, string | undefined]>([
    ['ops@example.org', { kind: 'sent', messageId: 'm' }, 'Notified: first (critical) by email to ops@example.org'],
    ['slack+env:X', { kind: 'sent', messageId: 'm' }, 'Notified: first (critical) by slack to slack+env:X'],
    [
      'ops@example.org',
      { kind: 'rejected', reason: 'address', message: 'not verified' },
      'Rejected: first (critical) by email to ops@example.org: not verified',
    ],
    ['ops@example.org', { kind: 'retry', reason: 'network', message: 'away' }, undefined],
  ])('to %s that is %j', (recipient, delivery, expected) => {
    const event = tellingEvent({ alert, reason: 'first' }, { recipient, delivery });
    expect(event && `${event.reason}: ${event.message}`).toBe(expected);
  });
});
