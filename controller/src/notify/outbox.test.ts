import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import type { Delivery, Notification } from '../model/notification.ts';
import { buildFiringAlert, buildNotification, buildNotified, buildResolvedAlert } from './builders.ts';
import { createFakeNotifier } from './fake-notifier.ts';
import { createOutbox, type DeliveryResult } from './outbox.ts';

const network: Delivery = { kind: 'retry', reason: 'network', message: 'ECONNREFUSED' };
const quota: Delivery = { kind: 'retry', reason: 'quota', message: 'Daily message quota exceeded.' };
const refused: Delivery = { kind: 'rejected', reason: 'address', message: 'not verified' };

function about(name: string, overrides: Partial<Notification> = {}): Notification {
  const target = { id: `local/${name}`, host: 'local', namespace: '', name };
  const alert = buildFiringAlert({ target, message: `${name} is DOWN` });
  return buildNotification({ id: `first:${name}`, alerts: [buildNotified(alert)], ...overrides });
}

function resolved(name: string): Notification {
  const target = { id: `local/${name}`, host: 'local', namespace: '', name };
  const alert = buildResolvedAlert({ target, key: about(name).alerts[0]!.alert.key });
  return buildNotification({ id: `resolved:${name}`, reason: 'resolved', alerts: [buildNotified(alert)] });
}

function setUp() {
  const clock = createFakeClock();
  const notifier = createFakeNotifier();
  const results: DeliveryResult[] = [];
  const outbox = createOutbox({
    notifier,
    clock,
    log: createSilentLog(),
    render: ({ alerts }) => ({ subject: alerts[0]!.alert.message, text: 'text', html: 'html' }),
    readiness: { configured: true, message: 'Mails go out' },
    onResult: (result) => results.push(result),
    random: () => 0,
  });
  /** One tick a second, as the pipeline does, for so many seconds. */
  async function tick(planned: readonly Notification[], seconds = 1): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      outbox.offer(planned, clock.now());
      await clock.advance(1000);
    }
  }
  return { clock, notifier, results, outbox, tick, subjects: () => notifier.sent.map(({ subject }) => subject) };
}

describe('the outbox', () => {
  it('sends what is due to each recipient, and says so', async () => {
    const { tick, notifier, results, outbox, clock } = setUp();
    const startedAt = clock.now();
    await tick([about('web', { to: ['a@example.org', 'b@example.org', 'a@example.org'] })]);
    expect(notifier.sent.map(({ to }) => to)).toEqual(['a@example.org', 'b@example.org']);
    expect(results.map(({ recipient, outcome }) => [recipient, outcome])).toEqual([
      ['a@example.org', 'sent'],
      ['b@example.org', 'open'],
    ]);
    expect(outbox.snapshot()).toEqual({
      configured: true,
      message: 'Mails go out',
      sent: 2,
      failed: 0,
      waiting: 0,
      lastSentAt: startedAt,
      lastError: undefined,
    });
  });

  it('does not send again what is still planned because nobody has written it down yet', async () => {
    const { tick, subjects } = setUp();
    await tick([about('web')], 50);
    expect(subjects()).toEqual(['web is DOWN']);
  });

  it('keeps the mail of the others from a recipient that is refused, and gives that one up', async () => {
    const { tick, notifier, results, outbox } = setUp();
    notifier.answer(({ to }) => (to === 'bad@example.org' ? refused : undefined));
    await tick([about('web', { to: ['bad@example.org', 'ops@example.org'] })], 400);
    expect(notifier.attempts.length).toBe(2);
    expect(results.map(({ recipient, outcome }) => [recipient, outcome])).toEqual([
      ['bad@example.org', 'open'],
      ['ops@example.org', 'sent'],
    ]);
    expect(outbox.snapshot()).toMatchObject({ sent: 1, failed: 1, waiting: 0, lastError: 'not verified' });
  });

  it('says that a message is rejected once all its recipients have refused it', async () => {
    const { tick, notifier, results } = setUp();
    notifier.answer(() => refused);
    await tick([about('web', { to: ['a@example.org', 'b@example.org'] })]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['open', 'rejected']);
  });

  it('says once that it was told, whatever comes of the recipient that fails and is tried again', async () => {
    const { tick, notifier, results } = setUp();
    const failing = [network, network, refused];
    notifier.answer(({ to }) => (to === 'b@example.org' ? failing.shift() : undefined));
    await tick([about('web', { to: ['a@example.org', 'b@example.org'] })]);
    await tick([], 30);
    expect(results.map(({ recipient, delivery, outcome }) => [recipient[0], delivery.kind, outcome])).toEqual([
      ['a', 'sent', 'sent'],
      ['b', 'retry', 'open'],
      ['b', 'retry', 'open'],
      ['b', 'rejected', 'open'],
    ]);
  });

  it.each([
    ['fails', network],
    ['is refused', refused],
  ])('says of a message that others joined while it was under way, and that %s, that it is open', async (_, last) => {
    const { tick, notifier, results } = setUp();
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    notifier.answer(({ id }) => (id === 'first:web' ? promise : undefined));
    const to = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@example.org`);
    await tick([about('web', { to })]);
    await tick([about('web', { id: 'joined', to })]);
    resolve(last);
    await tick([]);
    const ended = results.filter(({ notification }) => notification.id === 'first:web');
    expect(ended.map(({ outcome }) => outcome)).toEqual(['open', 'open', 'open', 'open']);
  });

  it('tries again only the recipient that failed, also after the message is no longer planned', async () => {
    const { tick, notifier } = setUp();
    let failures = 2;
    notifier.answer(({ to }) => (to === 'b@example.org' && (failures -= 1) >= 0 ? network : undefined));
    await tick([about('web', { to: ['a@example.org', 'b@example.org'] })]);
    await tick([], 10);
    expect(notifier.attempts.map(({ to }) => to[0])).toEqual(['a', 'b', 'b', 'b']);
    expect(notifier.sent.map(({ to }) => to[0])).toEqual(['a', 'b']);
  });

  it('does not send the old message to a recipient that is owed it once something newer is due', async () => {
    const { tick, notifier } = setUp();
    notifier.answer(({ to }) => (to === 'b@example.org' ? network : undefined));
    await tick([about('web', { to: ['a@example.org', 'b@example.org'] })]);
    notifier.answer(() => undefined);
    await tick([{ ...resolved('web'), to: ['a@example.org', 'b@example.org'] }], 30);
    const told = notifier.sent.map(({ to, id }) => `${id} to ${to}`);
    expect(told[0]).toBe('first:web to a@example.org');
    expect(told.slice(1).toSorted()).toEqual(['resolved:web to a@example.org', 'resolved:web to b@example.org']);
  });

  it('drops what was never told and is no longer true', async () => {
    const { tick, notifier, outbox } = setUp();
    notifier.answer(() => network);
    await tick([about('web')], 5);
    notifier.answer(() => undefined);
    await tick([], 600);
    expect(notifier.sent).toEqual([]);
    expect(outbox.snapshot().waiting).toBe(0);
  });

  it('does not try again what was under way when it was no longer planned', async () => {
    const { tick, notifier, outbox, subjects } = setUp();
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    notifier.answer(({ subject }) => (subject.startsWith('db') ? promise : network));
    await tick([about('db'), about('web')], 5);
    await tick([about('web')]);
    resolve(network);
    await tick([about('web')]);
    expect(outbox.snapshot().waiting).toBe(1);
    notifier.answer(() => undefined);
    await tick([about('web')], 400);
    expect(subjects()).toEqual(['web is DOWN']);
  });

  it('sends, when an outage ends, one mail for each alert, with the truth of then', async () => {
    const { tick, notifier, subjects, outbox } = setUp();
    notifier.answer(() => network);
    const names = Array.from({ length: 30 }, (_, index) => `c${index}`);
    await tick(
      names.map((name) => about(name)),
      3600,
    );
    expect(notifier.attempts.length).toBeLessThan(60);
    expect(outbox.snapshot()).toMatchObject({ waiting: 30, sent: 0, lastError: 'ECONNREFUSED' });
    notifier.answer(() => undefined);
    const now = names.slice(0, 20).map((name) => {
      const notification = about(name);
      const [notified] = notification.alerts;
      return { ...notification, alerts: [{ ...notified!, alert: { ...notified!.alert, message: `${name} now` } }] };
    });
    await tick(now, 301);
    expect(subjects().toSorted()).toEqual(
      names
        .slice(0, 20)
        .map((name) => `${name} now`)
        .toSorted(),
    );
    expect(outbox.snapshot()).toMatchObject({ waiting: 0, sent: 20, lastError: undefined });
  });

  it('waits half an hour after the daily quota is spent', async () => {
    const { tick, notifier } = setUp();
    notifier.answer(() => quota);
    await tick([about('a'), about('b')], 1799);
    expect(notifier.attempts.length).toBe(2);
    await tick([about('a'), about('b')], 2);
    expect(notifier.attempts.length).toBe(3);
  });

  it('lets one message that cannot pass hold up no other', async () => {
    const { tick, notifier, subjects } = setUp();
    notifier.answer(({ subject }) => (subject.startsWith('bad') ? network : undefined));
    for (let round = 0; round < 20; round += 1) await tick([about('bad'), about(`c${round}`)], 30);
    expect(subjects().length).toBe(20);
    expect(notifier.attempts.length).toBeLessThan(40);
  });

  it('says nothing new about an alert while the last word about it is under way', async () => {
    const { tick, notifier, results } = setUp();
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    notifier.answer(() => promise);
    await tick([about('web')], 5);
    await tick([resolved('web')], 5);
    expect(notifier.attempts.length).toBe(1);
    notifier.answer(() => undefined);
    resolve({ kind: 'sent', messageId: '1' });
    await tick([resolved('web')], 2);
    expect(results.map(({ notification }) => notification.id)).toEqual(['first:web', 'resolved:web']);
  });

  it('has at most four messages under way, worst first', async () => {
    const { tick, notifier } = setUp();
    notifier.answer(() => new Promise(() => {}));
    const mild = Array.from({ length: 10 }, (_, index) => about(`mild${index}`, { severity: 'info' }));
    await tick([...mild, about('worst')], 60);
    expect(notifier.attempts.map(({ subject }) => subject)[0]).toBe('worst is DOWN');
    expect(notifier.attempts.length).toBe(4);
  });

  it('keeps a bounded number, and gets to the others as there is room', async () => {
    const { tick, notifier, outbox } = setUp();
    notifier.answer(() => network);
    const many = Array.from({ length: 1200 }, (_, index) => about(`c${index}`));
    await tick(many);
    expect(outbox.snapshot().waiting).toBe(1000);
  });

  it('goes on when its caller cannot write a result down, or a mail cannot be written', async () => {
    const clock = createFakeClock();
    const notifier = createFakeNotifier();
    const outbox = createOutbox({
      notifier,
      clock,
      log: createSilentLog(),
      render: ({ id }) => {
        if (id === 'first:bad') throw new Error('no template');
        return { subject: id, text: '', html: '' };
      },
      readiness: { configured: true, message: '' },
      onResult: () => {
        throw new Error('store away');
      },
      random: () => 0,
    });
    outbox.offer([about('bad'), about('good')], clock.now());
    await clock.advance(0);
    expect(notifier.sent.map(({ subject }) => subject)).toEqual(['first:good']);
    expect(outbox.snapshot()).toMatchObject({ sent: 1, failed: 1 });
  });

  it('waits no longer than a clock that is set back', async () => {
    const { tick, notifier, clock, subjects } = setUp();
    notifier.answer(() => network);
    await tick([about('web')], 3600);
    notifier.answer(() => undefined);
    clock.jump(-7_200_000);
    await tick([about('web')]);
    expect(subjects()).toEqual(['web is DOWN']);
  });

  it('stops: waits for what is under way, starts nothing more', async () => {
    const { outbox, notifier, clock, results } = setUp();
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    notifier.answer(() => promise);
    outbox.offer([about('web')], clock.now());
    const stopping = outbox.stop(5000);
    resolve({ kind: 'sent', messageId: '1' });
    await stopping;
    expect(results.length).toBe(1);
    outbox.offer([about('db')], clock.now());
    expect(notifier.attempts.length).toBe(1);
    await outbox.stop(5000);
  });

  it('stops in bounded time when the service never answers', async () => {
    const { outbox, notifier, clock, results } = setUp();
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    notifier.answer(() => promise);
    outbox.offer([about('web')], clock.now());
    const stopping = outbox.stop(5000);
    await clock.advance(5000);
    await stopping;
    resolve({ kind: 'sent', messageId: '1' });
    await clock.advance(1000);
    expect(results).toEqual([]);
  });
});
