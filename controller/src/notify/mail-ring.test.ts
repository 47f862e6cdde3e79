import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';
import type { EmailContent } from '../model/notification.ts';
import { buildNotification } from './builders.ts';
import { createMailRing, type MailRing } from './mail-ring.ts';

const content: EmailContent = { subject: 'web is down', text: '', html: '<p>down</p><img src="cid:chart-1@foghorn">' };
const sent = { kind: 'sent', messageId: 'm-1' } as const;
const refusedFor = { kind: 'rejected', reason: 'address', message: 'no such address' } as const;
const later = { kind: 'retry', reason: 'throttled', message: 'slow down' } as const;
const mail = buildNotification({ id: 'n1', to: ['a@example.org', 'b@example.org'] });

let clock: FakeClock;
let ring: MailRing;
beforeEach(() => {
  clock = createFakeClock();
  ring = createMailRing(clock);
});
const delivered = (recipient: string, delivery: typeof sent | typeof refusedFor | typeof later): void =>
  ring.delivered({ notification: mail, recipient, delivery, at: clock.now(), outcome: 'open' });
const first = () => ring.list()[0];

describe('the last mails', () => {
  it('tells of each recipient, with attempts and reasons', () => {
    ring.offered([mail]);
    expect(first()).toMatchObject({ state: 'waiting', recipients: [{ attempts: 0 }, { attempts: 0 }] });
    delivered('a@example.org', later);
    expect(first()).toMatchObject({ state: 'waiting', recipients: [{ reason: 'slow down', attempts: 1 }, {}] });
    delivered('b@example.org', refusedFor);
    delivered('a@example.org', sent);
    expect(first()).toMatchObject({
      state: 'sent',
      recipients: [
        { state: 'sent', messageId: 'm-1', attempts: 2, reason: null },
        { state: 'refused', reason: 'no such address' },
      ],
    });
  });

  it('is refused when everybody refused it', () => {
    delivered('a@example.org', refusedFor);
    delivered('b@example.org', refusedFor);
    expect(first()).toMatchObject({ state: 'refused' });
  });

  it('forgets what was due and is no more, untried', () => {
    ring.offered([mail]);
    ring.offered([]);
    expect(ring.list()).toEqual([]);
  });

  it('keeps the page of a mail, with its pictures in it', () => {
    const png = new Uint8Array([1, 2, 3]);
    ring.rendered(mail, { ...content, pictures: [{ contentId: 'chart-1@foghorn', png }] });
    expect(first()).toMatchObject({ subject: 'web is down', html: true });
    expect(ring.html('n1')).toBe('<p>down</p><img src="data:image/png;base64,AQID">');
    expect(ring.html('other')).toBeUndefined();
  });

  it('keeps no more than fits', () => {
    for (let index = 0; index < 300; index += 1) {
      const one = buildNotification({ id: `n${index}`, to: ['a@example.org'] });
      ring.rendered(one, { ...content, html: 'x'.repeat(100_000) });
    }
    expect(ring.list()).toHaveLength(200);
    expect(ring.list().filter(({ html }) => html)).toHaveLength(80);
    ring.rendered(mail, { ...content, html: 'x'.repeat(400_001) });
    expect(ring.list()[0]).toMatchObject({ html: false });
  });

  it('says what the budget held back, until it goes', () => {
    ring.budgetHolds([mail]);
    ring.budgetHolds([mail]);
    expect(ring.list()).toMatchObject([{ state: 'heldBack', heldBackBy: 'budget' }]);
    delivered('a@example.org', sent);
    expect(ring.list()).toMatchObject([{ state: 'sent', heldBackBy: null }]);
  });

  it('says what holds an alert back that fires', () => {
    const alert = mail.alerts[0]?.alert;
    if (alert?.state !== 'firing') throw new Error('the builder makes alerts that fire');
    ring.written([alert]);
    expect(ring.list()).toEqual([]);
    ring.written([{ ...alert, silencedBy: 'works' }]);
    ring.written([{ ...alert, silencedBy: 'works', message: 'still' }]);
    ring.written([{ ...alert, inhibitedBy: 'host-local' }]);
    expect(ring.list()).toMatchObject([{ state: 'heldBack', heldBackBy: 'inhibited by host-local', reason: 'first' }]);
  });

  it('keeps a test mail', () => {
    ring.tested([{ to: 'a@example.org', delivery: sent }], content);
    expect(first()).toMatchObject({ reason: 'test', state: 'sent', html: true });
  });
});
