import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessStat } from './proc.ts';
import { findTree, readUsage, sumIo, sumMemory, type TreeSample } from './usage.ts';

const host = { cpus: 4, memoryBytes: 8000 };

function sample(changes: Partial<TreeSample> = {}): TreeSample {
  return {
    run: '7-100',
    readAtMs: 50_000,
    cpuTicks: 1000,
    threads: 12,
    memoryBytes: 2000,
    io: { readBytes: 0, writtenBytes: 0 },
    ...changes,
  };
}

function process(pid: number, parentPid: number): ProcessStat {
  return { pid, parentPid, state: 'S', cpuTicks: 0, threads: 1, startTicks: 0 };
}

describe('findTree', () => {
  it.each([
    [
      'the process and all below it, in any order',
      5,
      [
        [7, 6],
        [5, 1],
        [6, 5],
        [8, 1],
        [9, 5],
      ],
      [5, 6, 9, 7],
    ],
    ['nothing when the process is gone', 5, [[6, 5]], []],
    [
      'each process once in a snapshot with a cycle',
      5,
      [
        [5, 6],
        [6, 5],
      ],
      [5, 6],
    ],
    ['a process that is its own parent', 5, [[5, 5]], [5]],
  ])('finds %s', (_what, root, pairs, expected) => {
    const processes = pairs.map(([pid = 0, parent = 0]) => process(pid, parent));
    expect(findTree(root, processes).map((found) => found.pid)).toEqual(expected);
  });
});

describe('sums over a tree', () => {
  it('count shared memory once', () => {
    expect(
      sumMemory([
        { ownBytes: 10, sharedBytes: 128 },
        { ownBytes: 5, sharedBytes: 130 },
        { ownBytes: 1, sharedBytes: 0 },
      ]),
    ).toBe(146);
    expect(sumMemory([])).toBe(0);
  });

  it('are unknown when one part is', () => {
    expect(
      sumIo([
        { readBytes: 1, writtenBytes: 2 },
        { readBytes: 3, writtenBytes: 4 },
      ]),
    ).toEqual({ readBytes: 4, writtenBytes: 6 });
    expect(sumIo([{ readBytes: 1, writtenBytes: 2 }, undefined])).toBeUndefined();
  });
});

describe('readUsage', () => {
  const levels = { memoryBytes: 2000, memoryLimitBytes: 8000, memoryPercent: 25, processes: 12 };

  it('gives levels and no rates on the first sample, and says why', () => {
    const usage = readUsage(undefined, sample(), host);
    expect(usage.resources).toEqual(levels);
    expect(usage.note).toContain('first sample');
  });

  it('gives cores, percent of the CPUs of the host, and bytes a second', () => {
    const next = sample({ readAtMs: 60_000, cpuTicks: 2500, io: { readBytes: 50_000, writtenBytes: 1000 } });
    const usage = readUsage({ sample: sample() }, next, host);
    expect(usage.resources).toEqual({
      ...levels,
      cpuCores: 1.5,
      cpuPercent: 37.5,
      diskReadRate: 5000,
      diskWriteRate: 100,
    });
    expect(usage.note).toBeUndefined();
    expect(usage.baseline.sample).toBe(next);
  });

  it.each([
    ['another run began', { run: '7-999', readAtMs: 60_000, cpuTicks: 5000 }],
    ['the CPU counter ran backwards', { readAtMs: 60_000, cpuTicks: 999 }],
  ])('begins anew when %s', (_what, changes) => {
    const next = sample(changes);
    const usage = readUsage({ sample: sample() }, next, host);
    expect(usage.resources).toEqual(levels);
    expect(usage.note).toBeTruthy();
    expect(usage.baseline).toEqual({ sample: next });
  });

  it('leaves out disk rates that cannot be told, and keeps the CPU', () => {
    const backwards = sample({ readAtMs: 60_000, io: { readBytes: -1, writtenBytes: 5 } });
    expect(readUsage({ sample: sample() }, backwards, host).resources).toMatchObject({
      cpuCores: 0,
      diskReadRate: undefined,
      diskWriteRate: 0.5,
    });
    const unread = sample({ readAtMs: 60_000, io: undefined });
    expect(readUsage({ sample: sample() }, unread, host).resources).toMatchObject({
      cpuCores: 0,
      diskReadRate: undefined,
    });
  });

  it('repeats the rates of the look before when too little time has passed', () => {
    const first = readUsage({ sample: sample() }, sample({ readAtMs: 60_000, cpuTicks: 2000 }), host);
    const soon = readUsage(first.baseline, sample({ readAtMs: 60_100, cpuTicks: 2010, memoryBytes: 4000 }), host);
    expect(soon.resources).toMatchObject({ cpuCores: 1, memoryPercent: 50 });
    expect(soon.baseline).toBe(first.baseline);
  });

  it('never gives a negative or infinite value', () => {
    const anySample = fc.record({
      run: fc.constantFrom('a', 'b'),
      readAtMs: fc.nat(),
      cpuTicks: fc.nat(),
      threads: fc.nat(),
      memoryBytes: fc.nat(),
      io: fc.option(fc.record({ readBytes: fc.nat(), writtenBytes: fc.nat() }), { nil: undefined }),
    });
    fc.assert(
      fc.property(anySample, anySample, (before, after) => {
        const values = Object.values(readUsage({ sample: before }, after, host).resources).filter(
          (value) => value !== undefined,
        );
        expect(values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      }),
    );
  });
});
