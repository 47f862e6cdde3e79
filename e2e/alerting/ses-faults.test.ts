import { beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { SesAnswer, SesBehaviour } from '../email/fake-ses.ts';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { until } from '../until.ts';
import { createSleepers, type Sleepers } from './sleepers.ts';
import { createStand, PATIENCE_MS, type Stand, type Told } from './stand.ts';

const TEST_TIMEOUT_MS = 480_000;
const READER = 'ops@example.org';
const COOLDOWN_S = 20;

const accept: SesAnswer = { kind: 'accept' };
const error = (status: number, code: string, message: string): SesAnswer => ({ kind: 'error', status, code, message });
const throttled = error(400, 'Throttling', 'Maximum sending rate exceeded.');
const quotaSpent = error(400, 'Throttling', 'Daily message quota exceeded.');
const refused = error(400, 'MessageRejected', 'Email address is not verified: bad@example.org');

function down(name: string): Told {
  return [`[CRITICAL] ${name} on local: down`, 'CRITICAL: container is DOWN (state exited)'];
}

interface Watched {
  readonly sleepers: Sleepers;
  readonly stand: Stand;
}

/** A controller of the test's own that watches these processes by the built-in policy, and has seen them all run. */
async function watch(
  { onTestFinished }: TestContext,
  names: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Watched> {
  const sleepers = await createSleepers(names);
  const stand = await createStand({ settings: { ...sleepers.settings, DEFAULT_POLICY: 'true', ...settings } });
  onTestFinished(async () => {
    await stand.dispose();
    await sleepers.dispose();
  }, TEST_TIMEOUT_MS);
  await stand.controller.start();
  await until('all are seen running', PATIENCE_MS, async () => {
    const { containers } = await stand.state();
    return containers.filter(({ state }) => state === 'running').length === names.length || undefined;
  });
  return { sleepers, stand };
}

/** The first requests are answered so, all others accepted. */
function answering(...answers: readonly SesAnswer[]): SesBehaviour {
  let count = 0;
  return () => {
    count += 1;
    return answers[count - 1] ?? accept;
  };
}

/** How many mails about each alert its object counts. */
async function notifications({ controller }: Stand): Promise<readonly number[]> {
  const counts = await controller.kubectl('get', 'alerts', '--output', 'jsonpath={.items[*].status.notifications}');
  return counts.split(' ').map(Number);
}

/** They wait for time-outs and cooldowns, each for its own. */
describe.concurrent('a controller whose SES is in trouble', { timeout: TEST_TIMEOUT_MS }, () => {
  beforeEach((context) => skipUnless(context, requireKubectl()));

  it.for<[string, SesBehaviour, number]>([
    ['throttles', answering(throttled, throttled), 1],
    ['resets the connection', answering({ kind: 'reset' }, { kind: 'reset' }), 1],
    ['answers with a page of a proxy', answering({ kind: 'html', status: 502 }), 1],
    ['takes nothing and never answers', answering({ kind: 'hang' }), 1],
    ['takes the mail and answers after the time-out', answering({ kind: 'acceptSilently' }), 2],
  ])('%s: the mail comes, and no more often than SES took it', async ([, behaviour, count], context) => {
    const { sleepers, stand } = await watch(context, ['web']);
    stand.ses.behave(behaviour);
    await sleepers.crash('web');
    expect(await stand.listen(READER, count)).toEqual(Array.from({ length: count }, () => down('web')));
    expect(new Set(stand.ses.accepted.map(({ headers }) => headers.get('references'))).size).toBe(1);
  });

  it('refuses one recipient: the other is told, and the one is not tried again', async (context) => {
    const { sleepers, stand } = await watch(context, ['web'], { RECIPIENT_EMAILS: `${READER},bad@example.org` });
    stand.ses.behave(({ to }) => (to.includes('bad@example.org') ? refused : accept));
    await sleepers.crash('web');
    expect(await stand.listen(READER, 1)).toEqual([down('web')]);
    expect(stand.ses.requests()).toBe(2);
    expect((await stand.state()).email.lastError).toContain('MessageRejected');
  });

  it('has spent its quota: said on the page, not tried again for long, and told by the next process', async (context) => {
    const { sleepers, stand } = await watch(context, ['web']);
    stand.ses.behave(() => quotaSpent);
    await sleepers.crash('web');
    await until('SES was asked', PATIENCE_MS, () => stand.ses.requests() > 0 || undefined);
    expect(await stand.listen(READER, 0)).toEqual([]);
    expect(stand.ses.requests()).toBe(1);
    expect((await stand.state()).problems.map(({ reason }) => reason)).toContain('MailNotDelivered');
    await stand.controller.kill();
    stand.ses.behave(() => accept);
    await stand.controller.start();
    expect(await stand.listen(READER, 1)).toEqual([down('web')]);
  });

  it('is away while fifty alerts fire: one mail when it is back, with what is true then', async (context) => {
    const names = Array.from({ length: 50 }, (_, index) => `p${String(index).padStart(2, '0')}`);
    const { sleepers, stand } = await watch(context, names);
    stand.ses.behave(() => ({ kind: 'reset' }));
    for (const [index, name] of names.entries()) {
      await sleepers.crash(name);
      if (index % 10 === 9) await stand.pass(2);
    }
    await sleepers.start('p00');
    await until('all but one are down', PATIENCE_MS, async () => {
      const firing = (await stand.state()).alerts.filter(({ rule, state }) => rule === 'down' && state === 'firing');
      return firing.length === 49 || undefined;
    });
    expect(stand.ses.requests(), 'tried ever more rarely').toBeLessThan(20);
    stand.ses.behave(() => accept);
    const told = await stand.listen(READER, 1);
    // Of the one that came back, only that.
    expect(told.map(([, headline]) => headline)).toEqual(['CRITICAL: 50 alerts']);
    expect(stand.ses.accepted[0]?.text).not.toContain('p00: container is DOWN');
  });

  it('a controller that is killed between a mail and its reminder neither repeats nor forgets', async (context) => {
    const { sleepers, stand } = await watch(context, ['web'], { ALERT_COOLDOWN: String(COOLDOWN_S) });
    await sleepers.crash('web');
    await until('it is told', PATIENCE_MS, () => stand.told(READER).length > 0 || undefined);
    // SES has it before the controller can know: one that dies in between tells it again.
    await until('that is written down', PATIENCE_MS, async () => (await notifications(stand)).includes(1) || undefined);
    await stand.controller.kill();
    await stand.controller.start();
    const reminder: Told = ['[CRITICAL] web on local: down', `STILL ${down('web')[1]}`];
    await until('it is told again', PATIENCE_MS, () => stand.told(READER).length > 1 || undefined);
    // Later there are more reminders.
    expect(stand.told(READER).slice(0, 2)).toEqual([down('web'), reminder]);
  });
});
