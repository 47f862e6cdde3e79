import { describe, expect, it } from 'vitest';
import { FoghornError } from '../errors.ts';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import { createEventCorrelator } from './event-correlator.ts';
import { createEventRecorder, type KubeEvent } from './events.ts';
import type { KubeObject, ResourceClient } from './client.ts';

const about: KubeObject = {
  apiVersion: 'foghorn.dev/v1alpha1',
  kind: 'MonitorPolicy',
  metadata: { name: 'webapp', namespace: 'default', uid: 'u', resourceVersion: '7' },
};

function fakeEvents(fault: () => Error | undefined = () => undefined) {
  const stored = new Map<string, KubeEvent>();
  const tries: string[] = [];
  const write = async (_kind: unknown, event: KubeEvent): Promise<KubeObject> => {
    tries.push(event.metadata.name);
    const thrown = fault();
    if (thrown !== undefined) throw thrown;
    stored.set(event.metadata.name, event);
    return event;
  };
  const client = {
    get: async (_kind: unknown, _namespace: string, name: string) => stored.get(name),
    create: write,
    update: write,
  } as unknown as ResourceClient;
  const clock = createFakeClock();
  const log = createSilentLog();
  const recorder = createEventRecorder({ client, clock, log, component: 'foghorn-controller', instance: 'host-1' });
  return { stored, tries, clock, recorder };
}

describe('event recorder', () => {
  it('writes an event as readers of core/v1 expect it', async () => {
    const { stored, recorder } = fakeEvents();
    recorder.record(about, 'Warning', 'RuleInvalid', 'rule cpu: unknown variable');
    await recorder.flush();
    const [event] = stored.values();
    expect(event).toMatchObject({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { namespace: 'default', name: expect.stringMatching(/^webapp\.[0-9a-f]+$/) as string },
      involvedObject: { kind: 'MonitorPolicy', name: 'webapp', namespace: 'default', uid: 'u' },
      type: 'Warning',
      reason: 'RuleInvalid',
      count: 1,
      firstTimestamp: '2026-01-13T10:00:00Z',
      lastTimestamp: '2026-01-13T10:00:00Z',
      source: { component: 'foghorn-controller' },
    });
    await recorder.stop();
  });

  it('lets nothing of a message act on a terminal', async () => {
    const { stored, recorder } = fakeEvents();
    recorder.record(
      about,
      'Warning',
      'Firing',
      `\u001b[31mred\u0007\r\u009b2J\u202eevil\nnext ${'x'.repeat(1_000_000)}`,
    );
    await recorder.flush();
    const [{ message = '' } = {}] = stored.values();
    expect(message).toMatch(/^ \[31mred {3}2J evil\nnext x+$/);
    expect(message).toHaveLength(1024);
    await recorder.stop();
  });

  it('lets others go between when there is much to say, and says all of it', async () => {
    const { stored, clock, recorder } = fakeEvents();
    for (let each = 0; each < 25; each += 1) {
      recorder.record({ ...about, metadata: { ...about.metadata, uid: `u${each}` } }, 'Normal', 'Firing', 'x');
    }
    await clock.advance(0);
    expect(stored.size).toBe(10);
    await clock.advance(10);
    await recorder.flush();
    expect(stored.size).toBe(25);
    await recorder.stop();
  });

  it('counts what it says again instead of writing another', async () => {
    const { stored, clock, recorder } = fakeEvents();
    for (let count = 0; count < 3; count += 1) {
      recorder.record(about, 'Normal', 'TargetsChanged', '2 targets');
      await recorder.flush();
      await clock.advance(1000);
    }
    const [event] = stored.values();
    expect(stored.size).toBe(1);
    expect(event).toMatchObject({
      count: 3,
      firstTimestamp: '2026-01-13T10:00:00Z',
      lastTimestamp: '2026-01-13T10:00:02Z',
    });
  });

  it('tries again while the API is away, and gives up after twelve tries', async () => {
    let away = true;
    const { stored, tries, clock, recorder } = fakeEvents(() =>
      away ? new FoghornError('Unavailable', 'away') : undefined,
    );
    recorder.record(about, 'Normal', 'A', 'a');
    await clock.advance(25_000);
    away = false;
    await clock.advance(10_000);
    expect(stored.size).toBe(1);
    expect(tries).toHaveLength(4);
    away = true;
    recorder.record(about, 'Normal', 'B', 'b');
    await clock.advance(1_000_000);
    await recorder.flush();
    expect(tries).toHaveLength(16);
  });

  it('does not try what is refused again, and never throws', async () => {
    const { tries, recorder } = fakeEvents(() => new FoghornError('Invalid', 'no'));
    recorder.record(about, 'Normal', 'A', 'x'.repeat(5000));
    await recorder.flush();
    expect(tries).toHaveLength(1);
  });

  it('drops what does not fit its queue', async () => {
    const { tries, clock, recorder } = fakeEvents(() => new FoghornError('Unavailable', 'away'));
    for (let count = 0; count < 3000; count += 1) {
      recorder.record(
        { ...about, metadata: { ...about.metadata, name: `p${count}`, uid: `u${count}` } },
        'Normal',
        'A',
        'a',
      );
    }
    const stopped = recorder.stop(1000);
    await clock.advance(1001);
    await stopped;
    recorder.record(about, 'Normal', 'A', 'after the end');
    expect(tries).toHaveLength(1);
  });
});

describe('event correlator', () => {
  const event = { about: 'webapp', type: 'Normal', reason: 'A', message: 'm' } as const;

  it('combines the tenth and further similar messages within ten minutes into one event', () => {
    const correlator = createEventCorrelator();
    const written = Array.from({ length: 12 }, (_, n) =>
      correlator.correlate({ ...event, message: `m${n}` }, n, `e${n}`),
    );
    expect(written.slice(0, 9).map((one) => one?.count)).toEqual(Array(9).fill(1));
    expect(written.slice(9)).toMatchObject([
      { name: 'e9', count: 1, message: '(combined from similar events): m9' },
      { name: 'e9', count: 2 },
      { name: 'e9', count: 3, message: '(combined from similar events): m11' },
    ]);
    expect(correlator.correlate({ ...event, message: 'later' }, 700_000, 'l')).toMatchObject({
      message: 'later',
      count: 1,
    });
  });

  it('lets a burst of 25 about one object through, and then one in five minutes', () => {
    const correlator = createEventCorrelator();
    const at = (ms: number, count: number) =>
      Array.from({ length: count }, () => correlator.correlate(event, ms, 'e')).filter((one) => one !== undefined);
    expect(at(0, 40)).toHaveLength(25);
    expect(at(299_000, 5)).toHaveLength(0);
    expect(at(300_000, 5)).toHaveLength(1);
    expect(correlator.correlate({ ...event, about: 'other' }, 300_000, 'o')).toBeDefined();
  });
});
