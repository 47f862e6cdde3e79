import { describe, expect, it } from 'vitest';
import type { HeldBack } from '../model/budget.ts';
import type { EmailContent, Notification } from '../model/notification.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { alertmanagerWebhook } from './alertmanager.ts';
import { renderDigest } from './budget-digest.ts';
import { buildChart, buildFiringAlert, buildNotification, buildNotified, builtAt } from './builders.ts';
import { chartSvg } from './chart/chart-svg.ts';
import { renderDailyMail } from './daily-mail.ts';
import { renderEmail } from './render/render-email.ts';
import { slackMessage } from './slack.ts';
import { testMail } from './test-mail.ts';

const dashboardUrl = 'http://localhost:8001';
const reader = { now: builtAt, dashboardUrl, timeZone: 'UTC' };
const escape = String.fromCodePoint(0x1b);
const forbidden = /[^\P{Cc}\n]|\p{Cf}|[\p{Zl}\p{Zp}]/u;

const hostile: Readonly<Record<string, string>> = {
  HTML: '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
  CRLF: 'a\r\nBcc: evil@example.org\r\n\r\nbody',
  ANSI: `${escape}[31mred${escape}]8;;https://evil.example${escape}\\click\u009b2J`,
  'a megabyte': '<&é漢\u202e'.repeat(170_000),
  'invalid UTF-16, as invalid UTF-8 becomes': 'a\ud800b\udc00\ufffd',
  'a mention': '<!channel> <https://evil.example|click> @here (@Channel) @all',
};

/** Each field of an alert that comes from outside, alone, so that none hides behind another. */
const fields: Readonly<Record<string, (text: string) => Notification>> = {
  policy: (text) => buildNotification({ policy: text, alerts: [buildNotified(buildFiringAlert({ policy: text }))] }),
  rule: (text) => of({ rule: text }),
  message: (text) => of({ message: text }),
  actions: (text) => of({ actions: [text] }),
  'target name': (text) => of({ target: { id: 'local/x', host: 'local', namespace: '', name: text } }),
  'target id': (text) => of({ target: { id: text, host: 'local', namespace: '', name: 'x' } }),
  host: (text) => of({ target: { id: 'local/x', host: text, namespace: '', name: 'x' } }),
  'name of a host': (text) => of({ target: { id: 'host:x', host: text, namespace: '', name: text, kind: 'host' } }),
  namespace: (text) => of({ target: { id: 'local/x', host: 'local', namespace: text, name: 'x' } }),
  values: (text) => of({ values: { [text]: text } }),
  image: (text) => withContext({ image: text }),
  state: (text) => withContext({ state: text }),
  metrics: (text) => withContext({ metrics: [{ label: text, value: text, threshold: text }] }),
  'log entries': (text) => withContext({ logEntries: [text] }),
  'own output': (text) => withContext({ output: [text] }),
  'cause of the end': (text) => withContext({ end: { oomKilled: false, restarts: 0, cause: text } }),
  'object name': (text) => withContext({ objectName: text }),
  chart: (text) => withContext({ chart: buildChart({ label: text, unit: text }) }),
};

function of(alert: Parameters<typeof buildFiringAlert>[0]): Notification {
  return buildNotification({ alerts: [buildNotified(buildFiringAlert(alert))] });
}

function withContext(context: Parameters<typeof buildNotified>[1]): Notification {
  return buildNotification({ alerts: [buildNotified(buildFiringAlert(), context)] });
}

const MAX_BYTES = 110_000;

function expectHarmlessText(text: string): void {
  expect(text).not.toMatch(forbidden);
  expect(text.isWellFormed()).toBe(true);
  expect(Buffer.byteLength(text)).toBeLessThan(MAX_BYTES);
}

function expectHarmlessMail({ subject, text, html }: EmailContent): void {
  for (const part of [subject, text, html]) expectHarmlessText(part);
  expect(subject).not.toContain('\n');
  expect(text).not.toMatch(/^Bcc:/m);
  expect(html).not.toMatch(/<script|<img src=x/);
}

/** Every text in a value that becomes JSON. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [key, ...textsIn(part)]);
}

describe.each(Object.entries(hostile))('%s', (_, text) => {
  describe.each(Object.entries(fields))('as %s', (_field, build) => {
    it('is harmless in a mail', () => expectHarmlessMail(renderEmail(build(text), reader)));

    it('is harmless in Slack', () => {
      const texts = textsIn(slackMessage(build(text), reader));
      for (const one of texts) expectHarmlessText(one);
      expect(texts.join(' ')).not.toMatch(/<[^>]|@(?:here|channel|all)/i);
    });

    it('is harmless in a webhook', () => {
      const body = alertmanagerWebhook(build(text), dashboardUrl);
      for (const one of textsIn(body)) expectHarmlessText(one);
      expect(JSON.stringify(body).length).toBeLessThan(MAX_BYTES);
    });
  });

  it('is harmless in a digest', () => {
    const one: HeldBack = {
      key: text,
      policy: text,
      rule: text,
      target: text,
      host: text,
      severity: 'info',
      reason: 'first',
      message: text,
      sinceMs: builtAt,
    };
    expectHarmlessMail(renderDigest({ held: [one], spent: 1, perDay: 2 }, reader));
  });

  it('is harmless in the daily mail and the test mail', () => {
    const away = {
      host: text,
      runtime: 'docker',
      since: 0,
      reachable: false,
      reason: 'Refused',
      message: text,
    } as const;
    const snapshot: Snapshot = {
      at: builtAt,
      hosts: [away],
      targets: [],
      policies: [],
      alerts: [],
      problems: [{ key: text, reason: text, message: text, since: 0 }],
      email: { configured: true, message: text, sent: 0, failed: 0, waiting: 0 },
    };
    expectHarmlessMail(renderDailyMail(snapshot, dashboardUrl));
    expectHarmlessMail(testMail({ ...reader, dashboardUrl: text }));
  });

  it('is not in the picture', () => {
    expect(chartSvg(buildChart({ label: text, unit: text })) ?? '').not.toMatch(/script|Bcc|evil|漢/);
  });
});
