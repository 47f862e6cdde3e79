import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Notification } from '../../model/notification.ts';
import {
  buildChart,
  buildFiringAlert,
  buildNotification,
  buildNotified,
  buildResolvedAlert,
  builtAt,
} from '../builders.ts';
import { MAX_HTML_BYTES, renderEmail } from './render-email.ts';
import type { RenderContext } from './tone.ts';

const picture = { contentId: 'chart-1@foghorn', png: new Uint8Array([1]) };
const context: RenderContext = {
  now: builtAt + 1000,
  dashboardUrl: 'http://localhost:8001',
  timeZone: 'UTC',
  pictures: new Map([['default/webapp|cpu|local/webapp', picture]]),
};

const down = buildFiringAlert({
  rule: 'down',
  message: 'Container is DOWN',
  actions: ['Restart the container: docker restart webapp'],
});
const memory = buildFiringAlert({
  rule: 'memory',
  severity: 'warning',
  message: 'Memory 71.4 % (rule memory > 60)',
  target: { id: 'local/shop/db/1', host: 'local', namespace: 'shop', name: 'db' },
});
const deploy = buildFiringAlert({
  rule: 'deploy',
  severity: 'info',
  message: 'Deployed: image webapp:1 -> webapp:2',
  actions: [],
  values: { deployed: true },
});
const escalated = buildFiringAlert({
  firedAt: builtAt - 240_000,
  pendingSince: builtAt - 360_000,
  notified: { count: 1, toldSeverity: 'warning', resolvedTold: false, flaps: 0, lastAt: builtAt - 240_000 },
});
const toldCritical = { count: 1, toldSeverity: 'critical', resolvedTold: false, flaps: 0, lastAt: builtAt } as const;
const flapping = buildFiringAlert({
  pendingSince: builtAt - 720_000,
  firedAt: builtAt - 720_000,
  notified: { count: 3, toldSeverity: 'critical', resolvedTold: false, flaps: 4 },
});

const stopped = {
  state: 'exited',
  metrics: [
    { label: 'Container', value: 'DOWN', threshold: 'UP', breached: true },
    { label: 'HTTP', value: 'no answer', threshold: '200', breached: true },
    { label: 'CPU', value: '-', threshold: '> 80' },
    { label: 'Restarts', value: '0' },
  ],
};

const crashed = {
  ...stopped,
  state: 'exited, exit code 137',
  end: { exitCode: 137, oomKilled: true, restarts: 4, cause: 'crashed: it ended by itself' },
  output: [
    'listening on :8080',
    'GET /orders 200 12 ms',
    'java.lang.OutOfMemoryError: Java heap space',
    '  at shop.Orders.load(Orders.java:42)',
  ],
};

const memoryContext = {
  image: 'postgres:15',
  metrics: [
    { label: 'CPU', value: '4.1 %', threshold: '> 80' },
    { label: 'Memory', value: '71.4 %', threshold: '> 60', breached: true },
    { label: 'Database', value: 'connected, 3 ms' },
  ],
  logEntries: ['2026-01-13 10:30:00 | CPU: 4.1% | Memory: 71.4% | Container: db'],
};

const calm = {
  metrics: [
    { label: 'CPU', value: '31.0 %', threshold: '> 80' },
    { label: 'Memory', value: '52.1 %', threshold: '> 90' },
  ],
};

const hostAway = buildFiringAlert({
  rule: 'host',
  message: 'Host web-1 is UNREACHABLE, nothing on it is watched: connect ECONNREFUSED /var/run/docker.sock',
  actions: ['Look whether the Docker engine runs: systemctl status docker', 'Look whether the machine answers: ping'],
  target: { id: 'host:web-1', host: 'web-1', namespace: '', name: 'web-1', kind: 'host' },
  values: { reachable: false, reason: 'Refused' },
});

const longName = 'shop-frontend-with-a-name-that-somebody-made-very-very-long-and-without-any-space-1';
const long = buildFiringAlert({
  rule: 'latency-of-the-checkout-page-for-returning-customers',
  message: `probe http answered after 12.345 s: GET https://${longName}.internal.example.org/a/path?with=many&parts=1`,
  target: { id: `local/${longName}`, host: 'build-host-in-frankfurt-07', namespace: 'shop', name: longName },
});

const mails: Readonly<Record<string, Notification>> = {
  'critical-first': buildNotification({ alerts: [buildNotified(buildFiringAlert(), { chart: buildChart() })] }),
  'critical-crashed': buildNotification({ alerts: [buildNotified(down, crashed)] }),
  'critical-down': buildNotification({ alerts: [buildNotified(down, stopped)] }),
  'critical-reminder': buildNotification({
    reason: 'reminder',
    alerts: [{ ...buildNotified(flapping, { chart: buildChart() }), reason: 'reminder' }],
  }),
  'critical-escalated': buildNotification({
    reason: 'escalated',
    alerts: [{ ...buildNotified(escalated), reason: 'escalated' }],
  }),
  'warning-first': buildNotification({ severity: 'warning', alerts: [buildNotified(memory, memoryContext)] }),
  'info-first': buildNotification({
    severity: 'info',
    alerts: [buildNotified(deploy, { metrics: [], logEntries: [], objectName: undefined })],
  }),
  'critical-host': buildNotification({
    alerts: [buildNotified(hostAway, { image: '', state: '', metrics: [], logEntries: [] })],
  }),
  'critical-long-names': buildNotification({ alerts: [buildNotified(long)] }),
  resolved: buildNotification({ reason: 'resolved', alerts: [buildNotified(buildResolvedAlert(), calm)] }),
  group: buildNotification({
    alerts: [buildNotified(down, stopped), buildNotified(memory, memoryContext), buildNotified(deploy, calm)],
  }),
  'mixed-info': buildNotification({
    severity: 'info',
    alerts: [buildNotified(deploy, calm), buildNotified(buildResolvedAlert({ notified: toldCritical }), calm)],
  }),
};

/** What an inbox shows. */
function openingOf(...alerts: Notification['alerts']): readonly (string | undefined)[] {
  const { subject, text } = renderEmail(buildNotification({ alerts }), context);
  return [subject, text.split('\n')[0]];
}

describe('renderEmail', () => {
  it.each(Object.keys(mails))('writes the mail of the fixture %s', async (name) => {
    const mail = renderEmail(mails[name]!, context);
    const text = `Subject: ${mail.subject}\n\n${mail.text}`;
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'fixtures', `${name}.txt`));
    await expect(mail.html).toMatchFileSnapshot(join(import.meta.dirname, 'fixtures', `${name}.html`));
  });

  it.each([
    ['critical-first', '[CRITICAL] webapp on local: cpu'],
    ['critical-reminder', '[CRITICAL] webapp on local: cpu'],
    ['critical-escalated', '[CRITICAL] webapp on local: cpu'],
    ['warning-first', '[WARNING] db on local: memory'],
    ['resolved', '[CRITICAL] webapp on local: cpu'],
    ['group', '[CRITICAL] 3 alerts on local: webapp, db'],
    ['critical-host', '[CRITICAL] host web-1: unreachable'],
    ['mixed-info', '[INFO] webapp on local: deploy; 1 resolved: webapp'],
  ])('gives %s the subject %s', (name, subject) => {
    expect(renderEmail(mails[name]!, context).subject).toBe(subject);
  });

  it('speaks in subject and first line of what fires, and counts what has ended', () => {
    const ended = ['db', 'cache'].map((name) =>
      buildNotified(
        buildResolvedAlert({ notified: toldCritical, target: { ...memory.target, id: `local/${name}`, name } }),
      ),
    );
    expect(openingOf(buildNotified(down), buildNotified(memory), ...ended)).toEqual([
      '[CRITICAL] 2 alerts on local: webapp, db; 2 resolved: db, cache',
      'CRITICAL: 2 alerts (and 2 resolved)',
    ]);
    expect(openingOf(...ended)).toEqual(['[RESOLVED] 2 alerts on local: db, cache', 'RESOLVED: 2 alerts']);
    expect(openingOf(buildNotified(long), ...ended)[0]).toMatch(/^\[CRITICAL\] shop-.{60,}…?; 2 resolved: db, cache$/);
  });

  it.each([
    ['critical-first', 'CRITICAL: CPU 85.2 % (rule cpu > 80)'],
    ['critical-reminder', 'STILL CRITICAL: CPU 85.2 % (rule cpu > 80)'],
    ['critical-escalated', 'ESCALATED TO CRITICAL: CPU 85.2 % (rule cpu > 80)'],
    ['resolved', 'RESOLVED: CPU 85.2 % (rule cpu > 80)'],
    ['critical-first', 'lowest 42 %, highest 92 %, last 84 %; threshold 80 %'],
    ['critical-crashed', 'crashed: it ended by itself'],
    ['critical-crashed', '137 (ended by SIGKILL)'],
    ['critical-crashed', 'killed it for lack of memory'],
    ['critical-crashed', 'java.lang.OutOfMemoryError: Java heap space'],
    ['critical-crashed', 'kubectl create -n default -f -'],
    ['critical-first', 'React within minutes'],
    ['warning-first', 'React within 30 minutes'],
    ['info-first', 'next business hours'],
    ['critical-escalated', 'Escalated from WARNING'],
    ['critical-reminder', 'still so after 12 m'],
    ['critical-reminder', 'fired 4 more times'],
    ['critical-first', '2026-01-13 10:30:00 UTC'],
    ['critical-first', 'docker top webapp'],
    ['critical-first', 'http://localhost:8001/?target=local%2Fwebapp'],
    ['critical-first', 'foghorn.dev/acknowledged-by=YOUR-NAME'],
    ['critical-first', 'default/webapp, rule cpu'],
    ['info-first', 'none yet'],
    ['critical-host', 'systemctl status docker'],
    ['resolved', 'No action is needed'],
  ])('says in text and HTML of %s: %s', (name, words) => {
    const mail = renderEmail(mails[name]!, context);
    expect(mail.text).toContain(words);
    expect(mail.html).toContain(words.replaceAll('>', '&gt;'));
  });

  it('speaks of a host as a host', () => {
    const { text } = renderEmail(mails['critical-host']!, context);
    expect(text).toMatch(/^Host +web-1$/m);
    expect(text).not.toMatch(/container/i);
  });

  it('carries the pictures that it shows, and no other', () => {
    expect(renderEmail(mails['critical-first']!, context).pictures).toEqual([picture]);
    expect(renderEmail(mails['critical-escalated']!, context).pictures).toEqual([]);
  });

  it('says the first line of the state before anything else', () => {
    const { text, html } = renderEmail(mails['resolved']!, context);
    expect(text.startsWith('RESOLVED: CPU 85.2 %')).toBe(true);
    expect(
      html
        .slice(html.indexOf('<body'))
        .replaceAll(/<[^>]*>/g, '')
        .trim()
        .startsWith('RESOLVED: CPU'),
    ).toBe(true);
  });

  it('writes times in the zone of the reader, and names it', () => {
    const mail = renderEmail(buildNotification(), { ...context, timeZone: 'Europe/Berlin' });
    expect(mail.text).toContain('2026-01-13 11:30:00 UTC+01:00 (Europe/Berlin)');
  });

  it('loads nothing from anywhere and runs nothing', () => {
    for (const notification of Object.values(mails)) {
      const { html } = renderEmail(notification, context);
      expect(html.replaceAll(/<img\s+src="cid:chart-\d+@foghorn"/g, '')).not.toMatch(
        /<(img|script|link|iframe|object|form|svg)\b|\bsrc=|url\(|@import|\son\w+=/i,
      );
      const addresses = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
      expect(addresses.every((address) => address?.startsWith('http://localhost:8001/'))).toBe(true);
    }
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'nonsense', ''])('puts no link to %j', (dashboardUrl) => {
    expect(renderEmail(buildNotification(), { ...context, dashboardUrl }).html).not.toContain('href=');
  });

  it('keeps every mail of many alerts under the size that is clipped, and still names the others', () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      buildNotified(buildFiringAlert({ target: { ...down.target, name: `c${index}`, id: `local/c${index}` } })),
    );
    const mail = renderEmail(buildNotification({ alerts: many }), context);
    expect(Buffer.byteLength(mail.html)).toBeLessThanOrEqual(MAX_HTML_BYTES);
    expect(mail.html).toContain('and 180 more on the dashboard');
    expect(mail.text).toContain('and 180 more on the dashboard');
  });
});
