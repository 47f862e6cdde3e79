import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeStats } from './docker/decode/stats.ts';
import type { Sample } from './sample.ts';
import { readResources, type Baseline, type ReadingContext } from './reading.ts';
import { recordedEngines, recordedJson, recordedState, type RecordedEngine } from './docker/recorded.ts';

const HOST = { cpus: 2, memoryBytes: 25_276_502_016 };

function recordedSample(engine: RecordedEngine, state: string, number: 1 | 2): Sample {
  const answer = decodeStats(recordedJson(engine, `states/${state}/stats-oneshot-${number}.json`));
  if (answer.kind !== 'sample') throw new Error(`no sample of ${state}`);
  return answer.sample;
}

function readTwice(engine: RecordedEngine, state: string): ReturnType<typeof readResources>['resources'] {
  const facts = recordedState(engine, state);
  const context = { counters: 'run 1', allowance: facts.allowance, network: facts.network, host: HOST };
  const first = readResources(undefined, recordedSample(engine, state, 1), context);
  return readResources(first.baseline, recordedSample(engine, state, 2), context).resources;
}

describe.each(recordedEngines)('two samples of engine %s', (engine) => {
  it.each([
    ['busy-limited', 0.5],
    ['cpu-quota', 0.5],
  ])('of %s, busy at its limit, are about 100 %% of %d cores', (state) => {
    const resources = readTwice(engine, state);
    expect(resources.cpuPercent).toBeGreaterThan(85);
    expect(resources.cpuPercent).toBeLessThan(110);
    expect(resources.cpuCores).toBeCloseTo((resources.cpuPercent ?? 0) / 200, 5);
  });

  it('of one pinned to a CPU are in percent of that CPU', () => {
    const resources = readTwice(engine, 'cpuset');
    expect(resources.cpuPercent).toBeCloseTo((resources.cpuCores ?? 0) * 100, 5);
  });

  it('of one without limits are in percent of the host', () => {
    const resources = readTwice(engine, 'nolimit');
    expect(resources.cpuPercent).toBeCloseTo((resources.cpuCores ?? 0) * 50, 5);
    expect(resources.memoryLimitBytes).toBe(HOST.memoryBytes);
    expect(resources.memoryPercent).toBeCloseTo(((resources.memoryBytes ?? 0) / HOST.memoryBytes) * 100, 8);
  });

  it('of one with a memory limit are in percent of the limit', () => {
    const resources = readTwice(engine, 'busy-limited');
    expect(resources.memoryLimitBytes).toBe(64 * 2 ** 20);
    expect(resources.memoryPercent).toBeCloseTo(((resources.memoryBytes ?? 0) / (64 * 2 ** 20)) * 100, 8);
  });

  it('of a paused one are 0 % CPU, and memory as it was', () => {
    const resources = readTwice(engine, 'paused');
    expect(resources.cpuPercent).toBe(0);
    expect(resources.memoryBytes).toBeGreaterThan(0);
  });

  it.each(['net-none', 'net-host', 'net-container'])('of %s have no network rates', (state) => {
    const resources = readTwice(engine, state);
    expect(resources.networkReceiveRate).toBeUndefined();
    expect(resources.networkTransmitRate).toBeUndefined();
  });

  it('of one with two networks have the rates of both', () => {
    expect(readTwice(engine, 'net-two').networkReceiveRate).toBeGreaterThanOrEqual(0);
  });
});

const SECOND = 1_000_000_000n;
const CONTEXT: ReadingContext = { counters: 'run 1', allowance: {}, network: 'own', host: HOST };
const baseline = (sample: Partial<Sample> = {}): Baseline => ({
  counters: 'run 1',
  sample: { readAtNs: 100n * SECOND, cpuNs: 5e9, receivedBytes: 1000, readBytes: 50, ...sample },
});
const sample = (over: Partial<Sample> = {}): Sample => ({
  readAtNs: 110n * SECOND,
  cpuNs: 15e9,
  receivedBytes: 2000,
  readBytes: 60,
  memoryBytes: 100,
  ...over,
});

describe('readResources', () => {
  it('has no rates on the first sample, and says so', () => {
    const reading = readResources(undefined, sample(), CONTEXT);
    expect(reading.resources.cpuPercent).toBeUndefined();
    expect(reading.resources.memoryBytes).toBe(100);
    expect(reading.note).toMatch(/first sample/);
  });

  it('divides by wall time: 10 s of CPU in 10 s are one core, half of two', () => {
    const { resources, note } = readResources(baseline(), sample(), CONTEXT);
    expect(resources).toMatchObject({ cpuCores: 1, cpuPercent: 50, networkReceiveRate: 100, diskReadRate: 1 });
    expect(note).toBeUndefined();
  });

  it('begins anew with another run, even when its counters are higher', () => {
    const reading = readResources(baseline(), sample(), { ...CONTEXT, counters: 'run 2' });
    expect(reading.resources.cpuPercent).toBeUndefined();
    expect(reading.baseline).toMatchObject({ counters: 'run 2', sample: { cpuNs: 15e9 } });
  });

  it('begins anew when the CPU counter ran backwards', () => {
    const reading = readResources(baseline(), sample({ cpuNs: 1 }), CONTEXT);
    expect(reading.resources.cpuPercent).toBeUndefined();
    expect(reading.note).toMatch(/anew/);
  });

  it('leaves out the one counter that ran backwards', () => {
    const { resources } = readResources(baseline(), sample({ receivedBytes: 10 }), CONTEXT);
    expect(resources.networkReceiveRate).toBeUndefined();
    expect(resources.cpuPercent).toBe(50);
  });

  it.each([100n, 99n])('repeats the last rates when no time has passed (read at %d s)', (seconds) => {
    const known = { ...baseline(), rates: { cpuPercent: 33 } };
    const reading = readResources(known, sample({ readAtNs: seconds * SECOND }), CONTEXT);
    expect(reading.resources.cpuPercent).toBe(33);
    expect(reading.baseline).toBe(known);
  });

  it('keeps the baseline over a window that is too short, so that the next is long enough', () => {
    const soon = readResources(baseline(), sample({ readAtNs: 100n * SECOND + SECOND / 2n, cpuNs: 5.5e9 }), CONTEXT);
    expect(soon.resources.cpuPercent).toBeUndefined();
    const later = readResources(soon.baseline, sample({ readAtNs: 101n * SECOND, cpuNs: 6e9 }), CONTEXT);
    expect(later.resources.cpuPercent).toBe(50);
  });

  it.each([
    ['its limit', { cpuCores: 0.5 }, 200],
    ['the host when the limit is larger', { cpuCores: 8 }, 50],
  ])('counts in percent of %s', (_, allowance, percent) => {
    expect(readResources(baseline(), sample(), { ...CONTEXT, allowance }).resources.cpuPercent).toBe(percent);
  });

  it('takes the CPUs of the sample when the host is not known', () => {
    const context = { ...CONTEXT, host: { cpus: 0, memoryBytes: 0 } };
    const { resources } = readResources(baseline(), sample({ hostCpus: 4 }), context);
    expect(resources).toMatchObject({ cpuPercent: 25, memoryPercent: undefined, memoryLimitBytes: undefined });
  });

  it('never gives a negative, endless or undefined-by-division number', () => {
    const counter = fc.option(fc.double({ min: 0, max: 2 ** 64, noNaN: true }), { nil: undefined });
    const samples = fc.record({
      readAtNs: fc.bigInt({ min: 0n, max: 2n ** 62n }),
      cpuNs: counter,
      memoryBytes: counter,
      receivedBytes: counter,
      transmittedBytes: counter,
      readBytes: counter,
      writtenBytes: counter,
    });
    const limit = fc.option(fc.double({ min: 0.001, max: 1e12, noNaN: true }), { nil: undefined });
    const context = fc.record({
      counters: fc.constantFrom('run 1', 'run 2'),
      allowance: fc.record({ cpuCores: limit, memoryBytes: limit }),
      network: fc.constantFrom('own', 'shared', 'none'),
      host: fc.constantFrom(HOST, { cpus: 0, memoryBytes: 0 }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(samples, context), { maxLength: 8 }), (looks) => {
        let known: Baseline | undefined;
        for (const [next, where] of looks) {
          const reading = readResources(known, next, where);
          known = reading.baseline;
          const numbers = Object.values(reading.resources).filter((value) => value !== undefined);
          expect(numbers.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        }
      }),
    );
  });
});
