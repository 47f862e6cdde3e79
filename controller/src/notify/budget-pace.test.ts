import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createPacedNotifier } from './budget-pace.ts';
import { createFakeNotifier } from './fake-notifier.ts';

const message = { id: 'm', from: 'a@example.org', to: 'b@example.org', subject: '', text: '', html: '' };

function paced(ratePerSecond: number) {
  const clock = createFakeClock();
  const fake = createFakeNotifier();
  const notifier = createPacedNotifier({ notifier: fake, ratePerSecond: () => ratePerSecond, clock });
  return { clock, fake, notifier };
}

describe('the pace of mails', () => {
  it('is one a second where no more is allowed', async () => {
    const { clock, fake, notifier } = paced(1);
    const all = Promise.all([1, 2, 3].map(() => notifier.send(message)));
    await clock.advance(0);
    expect(fake.sent).toHaveLength(1);
    await clock.advance(999);
    expect(fake.sent).toHaveLength(1);
    await clock.advance(1);
    expect(fake.sent).toHaveLength(2);
    await clock.advance(1000);
    await all;
    expect(fake.sent).toHaveLength(3);
  });

  it("lets a second's worth through at once after a rest, and not more", async () => {
    const { clock, fake, notifier } = paced(14);
    await clock.advance(60_000);
    void Promise.all(Array.from({ length: 30 }, () => notifier.send(message)));
    await clock.advance(0);
    expect(fake.sent).toHaveLength(14);
    await clock.advance(1000);
    expect(fake.sent).toHaveLength(28);
    notifier.close();
  });

  it('does not wait for a time that the clock once showed', async () => {
    const { clock, fake, notifier } = paced(1);
    await notifier.send(message);
    clock.jump(-86_400_000);
    await notifier.send(message);
    expect(fake.sent).toHaveLength(2);
  });

  it('gives back what waits when it closes', async () => {
    const { fake, notifier } = paced(1);
    const [, second] = [notifier.send(message), notifier.send(message)];
    notifier.close();
    expect(await second).toMatchObject({ kind: 'retry' });
    expect(fake.sent).toHaveLength(1);
  });
});
