import { describe, expect, it } from 'vitest';
import type { FiringAlert, ResolvedAlert } from '../model/alert.ts';
import type { NotificationReason } from '../model/notification.ts';
import { buildFiringAlert, buildNotification, buildNotified, buildResolvedAlert, builtAt } from './builders.ts';
import { renderEmail } from './render/render-email.ts';
import { threadOf } from './thread.ts';

const told = { count: 1, toldSeverity: 'critical', resolvedTold: false, flaps: 0, lastAt: builtAt } as const;

/** Subject and thread of a message about one alert. */
function place(alert: FiringAlert | ResolvedAlert, reason: NotificationReason): readonly unknown[] {
  const notification = buildNotification({ reason, alerts: [{ ...buildNotified(alert), reason }] });
  const mail = renderEmail(notification, { now: builtAt + 60_000, dashboardUrl: '', timeZone: 'UTC' });
  return [mail.subject, mail.thread?.ids];
}

describe('the thread of a firing', () => {
  const first = place(buildFiringAlert(), 'first');

  it.each<[string, FiringAlert | ResolvedAlert, NotificationReason]>([
    ['a reminder', buildFiringAlert({ notified: told, message: 'CPU 91 %', values: { cpu: 91 } }), 'reminder'],
    ['a reminder after it calmed down', buildFiringAlert({ notified: told, severity: 'warning' }), 'reminder'],
    ['its end', buildResolvedAlert({ notified: told, message: 'CPU 91 %' }), 'resolved'],
    ['its end after it calmed down', buildResolvedAlert({ notified: told, severity: 'info' }), 'resolved'],
  ])('holds %s under the same subject', (_, alert, reason) => {
    expect(place(alert, reason)).toEqual(first);
  });

  it('goes on under another subject when it got worse', () => {
    const warned = place(buildFiringAlert({ severity: 'warning' }), 'first');
    const worse = buildFiringAlert({ notified: { ...told, toldSeverity: 'warning' } });
    expect(place(worse, 'escalated')).toEqual(first);
    expect(warned[0]).toBe('[WARNING] webapp on local: cpu');
    expect(warned[1]).toEqual(first[1]);
  });

  it.each([
    ['firing', { firedAt: builtAt + 1 }],
    ['policy of the same name', { policyUid: 'another' }],
    ['alert', { key: 'default/webapp|memory|local/webapp' }],
  ])('is another one for another %s', (_, overrides) => {
    expect(place(buildFiringAlert(overrides), 'first')[1]).not.toEqual(first[1]);
  });

  it('names each alert of a message', () => {
    const alerts = [buildFiringAlert(), buildFiringAlert({ key: 'other' })].map((alert) => buildNotified(alert));
    const { ids, alerts: names } = threadOf(buildNotification({ alerts }));
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => /^<alert-[0-9a-f]{24}@foghorn>$/.test(id))).toBe(true);
    expect(names).toEqual(['default/webapp|cpu|local/webapp', 'other']);
  });
});
