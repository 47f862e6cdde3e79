import { expect, it } from 'vitest';
import type { Snapshot } from '../model/snapshot.ts';
import { renderDailyMail } from './daily-mail.ts';

it('says what is watched and what is wrong with watching, hostile text escaped', () => {
  const snapshot: Snapshot = {
    at: 0,
    hosts: [],
    targets: [],
    policies: [],
    alerts: [],
    problems: [{ key: 'a', reason: 'b', message: '<b>\r\nBcc: x', since: 0 }],
    email: { configured: true, message: '', sent: 3, failed: 1, waiting: 0 },
  };
  const { subject, text, html } = renderDailyMail(snapshot, 'http://localhost:8001');
  expect(subject).toBe('[FOGHORN] still watching: 0 containers, 0 alerts firing');
  expect(text).toContain('3 accepted, 1 refused');
  expect(text).not.toContain('\r');
  expect(html).toContain('&lt;b&gt;');
});
