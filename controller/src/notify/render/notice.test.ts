import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HeldBack } from '../../model/budget.ts';
import type { EmailContent } from '../../model/notification.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { renderDigest } from '../budget-digest.ts';
import { builtAt } from '../builders.ts';
import { renderDailyMail } from '../daily-mail.ts';
import { testMail } from '../test-mail.ts';

const dashboardUrl = 'http://localhost:8001';

const held = (overrides: Partial<HeldBack>): HeldBack => ({
  key: 'k',
  policy: 'default/webapp',
  rule: 'deploy',
  target: 'webapp',
  host: 'local',
  severity: 'info',
  reason: 'first',
  message: 'Deployed: image webapp:1 -> webapp:2',
  sinceMs: builtAt,
  ...overrides,
});

const snapshot: Snapshot = {
  at: builtAt,
  hosts: [
    {
      host: 'web-1',
      runtime: 'docker',
      since: 0,
      reachable: false,
      reason: 'Refused',
      message: 'connect ECONNREFUSED',
    },
  ],
  targets: [],
  policies: [],
  alerts: [],
  problems: [],
  email: {
    configured: true,
    message: '',
    sent: 12,
    failed: 0,
    waiting: 0,
    budget: { spent: 12, perDay: 200, perSecond: 1, source: 'settings', held: 0, heldTotal: 0 },
  },
};

const notices: Readonly<Record<string, EmailContent>> = {
  digest: renderDigest(
    {
      held: [
        held({}),
        held({ severity: 'warning', rule: 'memory', target: 'db', reason: 'reminder', message: 'Memory 71.4 %' }),
      ],
      spent: 160,
      perDay: 200,
    },
    { dashboardUrl, timeZone: 'UTC' },
  ),
  daily: renderDailyMail(snapshot, dashboardUrl),
  test: testMail({ now: builtAt, dashboardUrl, timeZone: 'UTC' }),
};

describe('a mail that is about no single alert', () => {
  it.each(Object.keys(notices))('is written as the fixture %s', async (name) => {
    const { subject, text, html } = notices[name]!;
    const fixture = join(import.meta.dirname, 'fixtures', `notice-${name}`);
    await expect(`Subject: ${subject}\n\n${text}`).toMatchFileSnapshot(`${fixture}.txt`);
    await expect(html).toMatchFileSnapshot(`${fixture}.html`);
  });

  it.each(Object.values(notices).map((notice) => [notice.subject, notice] as const))(
    'says all of %s in both',
    (_, { text, html }) => {
      const shown = html
        .slice(html.indexOf('<td class="outer"'))
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ');
      const plain = shown.replaceAll('&gt;', '>').replaceAll('&quot;', '"');
      for (const line of text.split('\n').filter((each) => each !== ''))
        expect(plain).toContain(line.replace(/^- |^[A-Z ]+: /, ''));
    },
  );
});
