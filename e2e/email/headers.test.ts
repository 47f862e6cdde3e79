import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../controller/src/clock.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import type { EmailMessage } from '../../controller/src/model/notification.ts';
import { buildMessage } from '../../controller/src/notify/notifier-contract.ts';
import { createSesNotifier, type SesNotifier } from '../../controller/src/notify/ses.ts';
import { startFakeSes, type FakeSes } from './fake-ses.ts';
import { stubSesEnvironment } from './ses-environment.ts';

const thread = { ids: ['<alert-1@foghorn>', '<alert-2@foghorn>'], alerts: ['default/webapp|cpu|local/webapp'] };

describe('the message as SES gets it', () => {
  let ses: FakeSes;
  let notifier: SesNotifier;
  beforeEach(async () => {
    ses = await startFakeSes();
    stubSesEnvironment(ses.url);
    const log = createSilentLog();
    notifier = createSesNotifier({ region: 'us-east-1', requestTimeoutMs: 10_000, clock: systemClock, log });
  });
  afterEach(async () => {
    notifier.close();
    await ses.close();
    vi.unstubAllEnvs();
  });

  async function sent(overrides: Partial<EmailMessage>): Promise<FakeSes['accepted'][number]> {
    expect(await notifier.send(buildMessage(overrides))).toMatchObject({ kind: 'sent' });
    const mail = ses.accepted.at(-1);
    if (mail === undefined) throw new Error('no mail came');
    return mail;
  }

  it('refers to the alerts it is about, also the first of a thread', async () => {
    const { headers } = await sent({ thread });
    expect(headers.get('in-reply-to')).toBe('<alert-1@foghorn>');
    expect(headers.get('references')).toEqual(thread.ids);
    expect(headers.get('x-foghorn-alert')).toBe('default/webapp|cpu|local/webapp');
  });

  it('asks for no automatic answer', async () => {
    const { headers } = await sent({});
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('x-auto-response-suppress')).toBe('All');
    expect(headers.has('in-reply-to')).toBe(false);
  });

  it('carries the same Message-ID at each attempt, and another for another reader', async () => {
    const [first, again, other] = [await sent({}), await sent({}), await sent({ to: 'dev@example.org' })];
    expect(again.headers.get('message-id')).toBe(first.headers.get('message-id'));
    expect(other.headers.get('message-id')).not.toBe(first.headers.get('message-id'));
  });

  it('carries its pictures within', async () => {
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
    const mail = await sent({
      html: '<img src="cid:chart-1@foghorn">',
      pictures: [{ contentId: 'chart-1@foghorn', png }],
    });
    expect(mail.pictures).toMatchObject([{ contentId: 'chart-1@foghorn', contentType: 'image/png' }]);
    expect(Buffer.from(mail.pictures[0]?.bytes ?? []).equals(png)).toBe(true);
    expect(mail.raw).toMatch(/Content-Disposition: inline/);
  });

  it.each([
    ['a subject', { subject: 'a\r\nBcc: evil@example.org\r\n\r\nbody' }],
    ['an alert', { thread: { ids: [], alerts: ['a\r\nBcc: evil@example.org'] } }],
    ['a content id', { pictures: [{ contentId: 'a\r\nBcc: evil@example.org', png: Buffer.from([1]) }] }],
    ['an id of the thread', { thread: { ids: ['<a@b>\r\nBcc: evil@example.org'], alerts: [] } }],
  ])('lets %s add no header and no reader', async (_, overrides) => {
    const mail = await sent(overrides);
    expect(mail.to).toEqual(['ops@example.org']);
    expect(mail.headers.has('bcc')).toBe(false);
    expect(mail.raw).not.toMatch(/^Bcc:/im);
  });

  it('never reads a file or an address that a text names', async () => {
    const mail = await sent({
      html: '<img src="/etc/hostname"><img src="http://127.0.0.1:1/x">',
      text: 'file:///etc/passwd',
    });
    expect(mail.pictures).toEqual([]);
    expect(mail.html).toContain('/etc/hostname');
  });
});
