import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import type { ContainerObservation } from '../../model/observation.ts';
import type { Sample } from '../sample.ts';
import { decodePod } from './decode/pod.ts';
import type { Kubelets, Summary } from './kubelet.ts';
import { createNodes } from './nodes.ts';
import { createObserver } from './observe.ts';
import { createPods } from './pods.ts';

const ID = 'kind/shop/pod/web/0/web';
const CORES = 0.5;
const pod = decodePod({
  metadata: { uid: 'uid', name: 'web', namespace: 'shop' },
  spec: { nodeName: 'node-1', containers: [{ name: 'web', resources: { limits: { cpu: '1' } } }] },
  status: {
    phase: 'Running',
    containerStatuses: [{ name: 'web', state: { running: { startedAt: '2026-01-13T09:00:00Z' } } }],
  },
});

/** One container that uses half a core; its kubelet samples it every 15 s by a clock that may be set. */
function createWorld() {
  const clock = createFakeClock();
  const startedAt = clock.now();
  const kubelet = { skewMs: 0, isDateTold: true, standsStillSince: undefined as number | undefined };
  const told: Partial<Summary> = {};
  let sample: Sample | undefined;
  let sampledAt = Number.NEGATIVE_INFINITY;
  const take = (): Sample => {
    const now = clock.now();
    const isDue = now - sampledAt >= 15_000 && kubelet.standsStillSince === undefined;
    if (sample !== undefined && !isDue) return sample;
    sampledAt = now;
    const readAtNs = BigInt(now + kubelet.skewMs) * 1_000_000n;
    sample = { readAtNs, cpuNs: (now - startedAt) * 1e6 * CORES, memoryBytes: 1 };
    return sample;
  };
  const kubelets: Kubelets = {
    summary: async () => ({
      source: 'kubelet',
      clockMs: clock.now() + (kubelet.isDateTold ? kubelet.skewMs : 0),
      skewMs: kubelet.isDateTold ? kubelet.skewMs : undefined,
      samples: new Map([['shop/web/web', take()]]),
      ...told,
    }),
    close: async () => undefined,
  };
  const pods = createPods('kind');
  if (pod !== undefined) pods.apply(pod, clock.now());
  const nodes = createNodes({ kubelets, clock, signal: new AbortController().signal });
  const size = { cpus: 4, memoryBytes: 100 };
  nodes.replace([{ name: 'node-1', kubelet: undefined, size, kubeletVersion: '', isReady: true, notReady: '' }]);
  const observer = createObserver({ pods, nodes, hasSynced: () => true });
  async function look(): Promise<ContainerObservation> {
    const [seen] = await observer.observe([ID], clock.now());
    if (seen?.kind !== 'observed') throw new Error(seen?.message ?? 'no observation');
    return seen;
  }
  return { clock, kubelet, told, look, nodes, observer };
}

describe('CPU of a container', () => {
  it('is never negative nor doubled, whatever is done to the clock of its node', async () => {
    const step = fc.record({
      waitMs: fc.integer({ min: 1000, max: 40_000 }),
      setMs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: -7_200_000, max: 7_200_000 }),
        fc.integer({ min: -9000, max: 9000 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { clock, kubelet, look } = createWorld();
        for (const { waitMs, setMs } of steps) {
          await clock.advance(waitMs);
          kubelet.skewMs += setMs;
          const { cpuCores = CORES } = (await look()).resources;
          expect(cpuCores).toBeGreaterThanOrEqual(CORES * 0.7);
          expect(cpuCores).toBeLessThanOrEqual(CORES * 1.3);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('comes back after its clock was set, and the node says how wrong it is', async () => {
    const { clock, kubelet, look, nodes } = createWorld();
    for (const setMs of [0, 0, -3_600_000]) {
      await clock.advance(15_000);
      kubelet.skewMs += setMs;
      await look();
    }
    await clock.advance(15_000);
    expect((await look()).resources.cpuCores).toBeUndefined();
    for (let round = 0; round < 3; round += 1) {
      await clock.advance(15_000);
      await look();
    }
    expect((await look()).resources.cpuCores).toBeCloseTo(CORES, 5);
    expect(nodes.statuses()).toMatchObject([{ note: "its clock is 3600 s behind the controller's" }]);
  });

  it('is what metrics.k8s.io says it is, at the first look, in percent of the limit', async () => {
    const { clock, told, look } = createWorld();
    const note = 'read from metrics.k8s.io';
    const readAtNs = BigInt(clock.now()) * 1_000_000n;
    const samples = new Map([['shop/web/web', { readAtNs, cpuCores: 0.25, memoryBytes: 50 }]]);
    Object.assign(told, { source: 'metrics-api', note, samples, skewMs: undefined });
    const expected = { cpuCores: 0.25, cpuPercent: 25, memoryPercent: 50 };
    expect(await look()).toMatchObject({ note, resources: expected });
    await clock.advance(20_000);
    expect(await look()).toMatchObject({ note, resources: expected });
  });

  it('is not made of counters of two sources', async () => {
    const { clock, told, look } = createWorld();
    await look();
    await clock.advance(15_000);
    Object.assign(told, { source: 'kubelet-metrics' });
    expect((await look()).resources.cpuCores).toBeUndefined();
    await clock.advance(15_000);
    expect((await look()).resources.cpuCores).toBeCloseTo(CORES, 5);
  });
});

describe('a reading that stands still', () => {
  it.each([
    ['by the clock of its node', true],
    ['when its node tells no time', false],
  ])('is told for two minutes, then no more, with its age: %s', async (_name, isDateTold) => {
    const { clock, kubelet, look, observer } = createWorld();
    kubelet.isDateTold = isDateTold;
    await look();
    await clock.advance(15_000);
    expect((await look()).resources.cpuCores).toBeCloseTo(CORES, 5);
    kubelet.standsStillSince = clock.now();
    await clock.advance(119_000);
    expect((await look()).resources.cpuCores).toBeCloseTo(CORES, 5);
    await clock.advance(2000);
    expect(await observer.observe([ID], clock.now())).toMatchObject([
      { kind: 'unreachable', message: expect.stringMatching(/newest reading is 121 s old/) },
    ]);
  });

  it('counts though a clock that is behind makes it look young', async () => {
    const { clock, kubelet, look } = createWorld();
    [kubelet.skewMs, kubelet.isDateTold] = [-3_600_000, false];
    // Without the node's time its readings look an hour old.
    await expect(look()).rejects.toThrow(/3600 s old/);
    [kubelet.skewMs] = [3_600_000];
    await clock.advance(16_000);
    await look();
    kubelet.standsStillSince = clock.now();
    await clock.advance(121_000);
    expect(await look()).toMatchObject({ resources: {}, note: expect.stringMatching(/last reading is 121 s old/) });
  });
});
