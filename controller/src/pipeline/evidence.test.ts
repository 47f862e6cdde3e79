import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import type { AlertContext, Notification } from '../model/notification.ts';
import type { LogChunk } from '../model/container.ts';
import { buildFiringAlert, buildNotification, buildNotified, builtAt } from '../notify/builders.ts';
import { createMemoryHistory } from '../record/history/memory.ts';
import { createWindows } from '../record/window.ts';
import { createEvidence, type EvidenceDeps } from './evidence.ts';

const breached = { metric: 'cpu', label: 'CPU', unit: '%', factor: 1, threshold: 80 } as const;
const end = { oomKilled: false, restarts: 1, cause: 'crashed' };

async function* chunksOf(...texts: readonly string[]): AsyncGenerator<LogChunk, void> {
  for (const text of texts) yield { stream: 'stdout', bytes: Buffer.from(text) };
}

function given(overrides: Partial<EvidenceDeps> = {}) {
  const clock = createFakeClock(builtAt);
  const windows = createWindows({ maxAgeMs: 3_600_000, maxPoints: 720 });
  const history = createMemoryHistory({ clock });
  const collector = { logs: async () => chunksOf('one\ntw', 'o\n\nthree\n') };
  const complete = createEvidence({ windows, history, collector, clock, log: createSilentLog(), ...overrides });
  return { clock, windows, history, complete };
}

function about(context: Partial<AlertContext>): Notification {
  return buildNotification({ alerts: [buildNotified(buildFiringAlert(), context)] });
}

describe('the evidence of a message', () => {
  it('holds the last hour of the metric that breached', async () => {
    const { windows, complete } = given();
    for (const at of [-4_000_000, -60_000, 0])
      windows.append({ targetId: 'local/webapp', at: builtAt + at, values: { cpu: 85 } });
    const { alerts } = await complete(about({ breached }), builtAt);
    expect(alerts[0]?.context.chart).toMatchObject({
      label: 'CPU',
      points: [{ at: builtAt - 60_000, value: 85 }, { at: builtAt }],
      threshold: 80,
      firingFrom: builtAt,
      toMs: builtAt,
    });
  });

  it.each([
    [-3_000_000, -3_000_000],
    [-5000, -600_000],
  ])('begins the chart of a container that is known for %d ms at %d ms', async (first, from) => {
    const { windows, complete } = given();
    windows.append({ targetId: 'local/webapp', at: builtAt + first, values: { cpu: 85 } });
    const { alerts } = await complete(about({ breached }), builtAt);
    expect(alerts[0]?.context.chart?.fromMs).toBe(builtAt + from);
  });

  it('takes from history what was before the recent samples', async () => {
    const { windows, history, complete } = given();
    history.append([{ targetId: 'local/webapp', at: builtAt - 2_000_000, values: { cpu: 20 } }]);
    windows.append({ targetId: 'local/webapp', at: builtAt - 10_000, values: { cpu: 85 } });
    const { alerts } = await complete(about({ breached }), builtAt);
    expect(alerts[0]?.context.chart?.points.map(({ value }) => value)).toEqual([20, 85]);
  });

  it('holds the last lines of a container that is not well, and of no other', async () => {
    const { complete } = given();
    expect((await complete(about({ end }), builtAt)).alerts[0]?.context.output).toEqual(['one', 'two', 'three']);
    const well = { ...about({}), id: 'other' };
    expect((await complete(well, builtAt)).alerts[0]?.context.output).toBeUndefined();
  });

  it('keeps a bounded part of an endless line', async () => {
    const collector = { logs: async () => chunksOf(...Array.from({ length: 100 }, () => 'x'.repeat(100_000))) };
    const { alerts } = await given({ collector }).complete(about({ end }), builtAt);
    expect(alerts[0]?.context.output?.join('').length).toBeLessThanOrEqual(32_768);
  });

  it('goes without what cannot be read', async () => {
    const collector = { logs: () => Promise.reject(new Error('the host is away')) };
    const { alerts } = await given({ collector }).complete(about({ end }), builtAt);
    expect(alerts[0]?.context).toMatchObject({ end, output: undefined });
  });

  it('waits two seconds for a hung engine, and tells it to stop', async () => {
    let aborted = false;
    const collector: EvidenceDeps['collector'] = {
      logs: (_id, _options, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        }),
    };
    const { clock, complete } = given({ collector });
    const completing = complete(about({ end }), builtAt);
    await clock.advance(2000);
    expect((await completing).alerts[0]?.context.output).toBeUndefined();
    expect(aborted).toBe(true);
  });

  it('is gathered once for all readers of a message', async () => {
    let asked = 0;
    const collector = {
      logs: async () => {
        asked += 1;
        return chunksOf('x');
      },
    };
    const { complete } = given({ collector });
    await Promise.all([complete(about({ end }), builtAt), complete(about({ end }), builtAt + 1000)]);
    await complete(about({ end }), builtAt + 20_000);
    expect(asked).toBe(2);
  });
});
