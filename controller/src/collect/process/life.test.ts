import { describe, expect, it } from 'vitest';
import { advanceLife, sight, unseenLife, type Life, type PidFile, type Run, type Sighting } from './life.ts';
import type { ProcessStat } from './proc.ts';

const bootedAt = 1_000_000;
const run: Run = { pid: 7, startTicks: 500, startedAt: bootedAt + 5000 };
const running: Sighting = { kind: 'running', run, isPaused: false, isAsked: false };
const gone: Sighting = { kind: 'gone', isAsked: false };
const away: Sighting = { kind: 'gone', isAsked: true };
const next: Sighting = { ...running, run: { pid: 9, startTicks: 900, startedAt: bootedAt + 9000 } };

function process(changes: Partial<ProcessStat> = {}): ProcessStat {
  return { pid: 7, parentPid: 1, state: 'S', cpuTicks: 0, threads: 1, startTicks: 500, ...changes };
}

describe('sight', () => {
  const file: PidFile = { kind: 'pid', pid: 7, modifiedAt: run.startedAt + 20 };
  const absent: PidFile = { kind: 'absent' };
  it.each<[string, PidFile, Run | undefined, ProcessStat | undefined, Sighting]>([
    ['a process by its file', file, undefined, process(), running],
    ['a known run again', file, run, process(), running],
    ['a known run when the clock was set meanwhile', { ...file, modifiedAt: 0 }, run, process(), running],
    ['a stopped process as paused', file, run, process({ state: 'T' }), { ...running, isPaused: true }],
    ['no process', file, run, undefined, gone],
    ['a process that waits to be reaped as gone', file, run, process({ state: 'Z' }), gone],
    ['a pid that another process has now', { ...file, modifiedAt: 0 }, undefined, process(), gone],
    ['a pid that another process has after the run', file, run, process({ startTicks: 90_000 }), gone],
    [
      'a new run with the same pid, by its new file',
      { ...file, modifiedAt: 2e6 },
      run,
      process({ startTicks: 600 }),
      { ...running, run: { pid: 7, startTicks: 600, startedAt: 1_006_000 } },
    ],
    ['a run that goes on without its file', absent, run, process(), { ...running, isAsked: true }],
    ['a run that ended without its file', absent, run, undefined, away],
    ['another process with the pid of a run without its file', absent, run, process({ startTicks: 501 }), away],
    ['nothing without file and run', absent, undefined, process(), away],
  ])('sees %s', (_what, seenFile, known, found, expected) => {
    const find = (pid: number): ProcessStat | undefined => (pid === 7 ? found : undefined);
    expect(sight(seenFile, known, { bootedAt, find })).toEqual(expected);
  });
});

function live(...looks: readonly Sighting[]): { life: Life; told: readonly (readonly [string, number])[] } {
  let life = unseenLife;
  const told: (readonly [string, number])[] = [];
  for (const [index, seen] of looks.entries()) {
    const step = advanceLife(life, seen, index);
    ({ life } = step);
    told.push(...step.changes.map(({ kind, at }) => [kind, at] as const));
  }
  return { life, told };
}

describe('advanceLife', () => {
  it.each<[string, Sighting[], Partial<Life>, [string, number][]]>([
    ['is created before its file is there', [away, away], { state: 'created', stopRequestedAt: 0 }, []],
    ['is exited when its process was gone at first', [gone], { state: 'exited', stopRequestedAt: undefined }, []],
    ['tells nothing of its first start', [away, running], { state: 'running', restarts: 0, run }, []],
    ['is paused', [running, { ...running, isPaused: true }], { state: 'paused' }, []],
    [
      'crashed when its file is still there',
      [running, gone, gone],
      { state: 'exited', finishedAt: 1 },
      [['crashed', 1]],
    ],
    [
      'did not crash when its file went with it',
      [running, away, away],
      { state: 'exited', finishedAt: 1, stopRequestedAt: 1 },
      [],
    ],
    [
      'was asked to end when its file went first',
      [running, { ...running, isAsked: true }, away],
      { state: 'exited', finishedAt: 2, stopRequestedAt: 1 },
      [],
    ],
    [
      'goes on when its file comes back',
      [running, { ...running, isAsked: true }, running],
      { state: 'running', stopRequestedAt: undefined },
      [],
    ],
    [
      'stays a crash when its file is cleared away later',
      [running, gone, away],
      { state: 'exited', stopRequestedAt: undefined },
      [['crashed', 1]],
    ],
    [
      'counts a restart after a crash',
      [running, gone, next],
      { state: 'running', restarts: 1 },
      [
        ['crashed', 1],
        ['restarted', 2],
      ],
    ],
    ['counts a restart that nobody saw the end of', [running, next], { restarts: 1 }, [['restarted', 1]]],
    [
      'counts from 0 after a wanted stop',
      [running, next, away, running],
      { restarts: 0, stopRequestedAt: undefined },
      [
        ['restarted', 1],
        ['restarted', 3],
      ],
    ],
  ])('%s', (_what, looks, expected, told) => {
    const result = live(...looks);
    expect(result.life).toMatchObject(expected);
    expect(result.told).toEqual(told);
  });
});
