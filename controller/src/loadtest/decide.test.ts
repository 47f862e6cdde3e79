import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoadTest, ThresholdVerdict } from '../model/load-test.ts';
import { buildGenerator, buildLoadTest, buildProgress, buildReport } from './builders.ts';
import {
  FIRST_LINE_DEADLINE_MS,
  LAUNCH_DEADLINE_MS,
  PENDING_DEADLINE_MS,
  RELEASE_DEADLINE_MS,
  STOP_DEADLINE_MS,
  STOP_GRACE_MS,
} from './deadlines.ts';
import { decide, type Facts } from './decide.ts';
import type { Generator, Output } from './launcher.ts';
import type { Ending, RunRecord } from '../model/load-run.ts';

const START = 1_000_000;
const pending: RunRecord = { phase: 'pending', since: START };
const launching: RunRecord = { phase: 'launching', startedAt: START };
const waiting: RunRecord = { phase: 'waiting', startedAt: START };
const running: RunRecord = { phase: 'running', startedAt: START };
const ending: Ending = { reason: 'AbortedOnThreshold', message: 'p95' };
const stopping: RunRecord = { phase: 'stopping', startedAt: START, stoppingAt: START, ending };
const finished: RunRecord = { phase: 'finished', startedAt: START, completedAt: START + 10_000, ending };

const alive = buildGenerator(START, 'running');
const ended = buildGenerator(START, 'ended');
const died = (code: number | undefined, reason: string): Generator => ({
  ...alive,
  state: { kind: 'ended', code, reason },
});
const saying = (output: Partial<Output>): ReadonlyMap<string, Output> =>
  new Map([[alive.id, { complaint: '', ...output }]]);
const progressing = saying({ progress: buildProgress() });
const reporting = saying({ report: buildReport() });

function facts(
  over: Partial<Omit<Facts, 'found'>> & {
    readonly generators?: readonly Generator[];
    readonly away?: readonly string[];
  },
): Facts {
  const { generators = [], away = [], ...rest } = over;
  return {
    test: buildLoadTest(),
    record: pending,
    found: { generators, away },
    outputs: new Map(),
    silent: new Set(),
    verdicts: [],
    now: START + 1000,
    ...rest,
  };
}

const threshold: LoadTest['thresholds'][number] = {
  name: 'p95',
  expr: 'latency.p95 < 0.5',
  abortOnFail: true,
  delayAbortMs: 5000,
};
const failing: ThresholdVerdict = { name: 'p95', passed: false, observed: 'latency.p95 = 1', aboutAlerts: false };
const passing: ThresholdVerdict = { ...failing, passed: true };

describe('decide: the way of a test', () => {
  it('begins by writing that it began', () => {
    expect(decide(facts({}))).toMatchObject({
      record: { phase: 'launching', startedAt: START + 1000 },
      effect: { kind: 'none' },
    });
  });

  it('launches the generators that are not there, and those left half launched', () => {
    const test = buildLoadTest({ parallelism: 3 });
    const generators = [
      buildGenerator(START, 'running', { index: 1 }),
      buildGenerator(START, 'starting', { index: 2 }),
    ];
    expect(decide(facts({ test, record: launching, generators })).effect).toEqual({ kind: 'launch', indexes: [0, 2] });
  });

  it('waits for their first line, then runs', () => {
    expect(decide(facts({ record: launching, generators: [alive] })).record.phase).toBe('waiting');
    expect(decide(facts({ record: waiting, generators: [alive] })).record.phase).toBe('waiting');
    expect(decide(facts({ record: waiting, generators: [alive], outputs: progressing })).record.phase).toBe('running');
  });

  it('finishes when all have reported and ended', () => {
    const done = decide(facts({ record: running, generators: [ended], outputs: reporting, verdicts: [passing] }));
    expect(done.record).toMatchObject({
      phase: 'finished',
      completedAt: START + 1000,
      ending: { reason: 'ThresholdsPassed' },
    });
    expect(decide(facts({ record: running, generators: [alive], outputs: reporting })).record.phase).toBe('running');
  });

  it('fails by a threshold, and by one that cannot be judged', () => {
    for (const verdict of [failing, { ...failing, passed: undefined, observed: 'there is no impact.db' }]) {
      const done = decide(facts({ record: running, generators: [ended], outputs: reporting, verdicts: [verdict] }));
      expect(done.record).toMatchObject({ ending: { reason: 'ThresholdsFailed' } });
    }
  });

  it('fails when nobody answered, whatever the thresholds', () => {
    const outputs = saying({ report: buildReport({ errors: 50, failures: { refused: 50 } }) });
    const done = decide(facts({ record: running, generators: [died(3, 'exit code 3')], outputs, verdicts: [passing] }));
    expect(done.record).toMatchObject({
      ending: { reason: 'TargetUnreachable', message: 'none of 50 requests was answered: refused 50' },
    });
  });

  it('does not take answers that all broke off for answers', () => {
    const outputs = saying({ report: buildReport({ errors: 50, failures: { reset: 30, http: 20 } }) });
    const broken = saying({ report: buildReport({ errors: 50, failures: { reset: 50 } }) });
    const reasons = [outputs, broken].map((one) =>
      decide(facts({ record: running, generators: [ended], outputs: one })),
    );
    expect(reasons.map(({ record }) => record)).toMatchObject([
      { ending: { reason: 'ThresholdsPassed' } },
      { ending: { reason: 'TargetUnreachable' } },
    ]);
  });

  it('says why requests failed, whatever the verdict', () => {
    const outputs = saying({ report: buildReport({ errors: 7, failures: { http: 2, timeout: 5 } }) });
    for (const verdicts of [[], [failing]]) {
      const { record } = decide(facts({ record: running, generators: [ended], outputs, verdicts }));
      const message = expect.stringContaining('; 7 of 50 requests failed: timeout 5, http 2');
      expect(record).toMatchObject({ ending: { message } });
    }
  });

  it('says when the generator itself was too slow', () => {
    const outputs = saying({ report: buildReport({ doubts: ['it was busy without a pause in 30 of 60 s'] }) });
    const done = decide(facts({ record: running, generators: [ended], outputs }));
    expect(done.record).toMatchObject({ ending: { message: expect.stringContaining('unreliable') } });
  });

  it('removes generators after the end is written, then rests', () => {
    expect(decide(facts({ record: finished, generators: [ended] })).effect.kind).toBe('remove');
    expect(decide(facts({ record: finished }))).toEqual({ record: finished, effect: { kind: 'none' } });
  });

  it('removes generators of another run first', () => {
    const old = buildGenerator(START - 1, 'running');
    expect(decide(facts({ record: running, generators: [old, alive] })).effect).toEqual({
      kind: 'remove',
      generators: [old],
    });
    expect(decide(facts({ generators: [old] })).effect.kind).toBe('remove');
  });
});

describe('decide: what goes wrong', () => {
  it.each<[string, Partial<Parameters<typeof facts>[0]>, string, string]>([
    [
      'killed',
      { generators: [died(137, 'exit code 137')], outputs: progressing },
      'GeneratorFailed',
      'the generator ended without a report (exit code 137)',
    ],
    [
      'out of memory',
      { generators: [died(137, 'out of memory')] },
      'GeneratorFailed',
      'the generator ended without a report (out of memory)',
    ],
    [
      'bad options',
      { generators: [died(2, 'exit code 2')], outputs: saying({ complaint: 'no such option' }) },
      'GeneratorFailed',
      'the generator ended without a report (exit code 2): no such option',
    ],
    [
      'stopped by hand',
      { generators: [died(143, 'exit code 143')], outputs: saying({ report: buildReport({ ended: 'stopped' }) }) },
      'GeneratorFailed',
      'the generator was stopped from outside before the end of its plan (exit code 143)',
    ],
    ['removed', {}, 'GeneratorFailed', 'the generator is gone: somebody removed it'],
    [
      'hung',
      { generators: [alive], outputs: progressing, silent: new Set([alive.id]) },
      'GeneratorFailed',
      'the generator runs, and says nothing any more',
    ],
    [
      'too long',
      { generators: [alive], outputs: progressing, now: START + 1_000_000 },
      'DeadlineExceeded',
      'the generators did not end with their plan',
    ],
    [
      'mute',
      { generators: [alive], now: START + LAUNCH_DEADLINE_MS + FIRST_LINE_DEADLINE_MS + 1 },
      'GeneratorFailed',
      'a generator did not begin in time',
    ],
  ])('%s', (_name, over, reason, message) => {
    const { record } = decide(facts({ record: running, ...over }));
    expect(record).toMatchObject({ phase: 'stopping', ending: { reason, message } });
  });

  it('counts a run that ended by itself though nobody saw its exit code', () => {
    const { record } = decide(facts({ record: running, generators: [died(undefined, 'killed')], outputs: reporting }));
    expect(record).toMatchObject({ phase: 'finished', ending: { reason: 'ThresholdsPassed' } });
  });

  it('waits while the engine is away: its generators may live', () => {
    expect(decide(facts({ record: running, away: ['local: refused'] })).record).toEqual(running);
    expect(decide(facts({ record: launching, away: ['local: refused'] })).effect.kind).toBe('none');
  });

  it('leaves it to a cluster to start what it has made, and says what that waits for in the end', () => {
    const state = { kind: 'starting', waitsFor: 'no node takes it' } as const;
    const generators = [buildGenerator(START, 'starting', { state })];
    const test = buildLoadTest({ parallelism: 2 });
    expect(decide(facts({ record: launching, generators, test })).effect).toEqual({ kind: 'launch', indexes: [1] });
    const alone = { record: launching, generators };
    expect(decide(facts(alone))).toMatchObject({ record: launching, effect: { kind: 'none' } });
    const message = '1 of 1 generators could not be started in time: no node takes it';
    const late = decide(facts({ ...alone, now: START + LAUNCH_DEADLINE_MS + 1 }));
    expect(late.record).toMatchObject({ phase: 'stopping', ending: { reason: 'GeneratorFailed', message } });
  });

  it('says why nothing was heard of a generator', () => {
    const now = START + LAUNCH_DEADLINE_MS + FIRST_LINE_DEADLINE_MS + 1;
    const outputs = saying({ complaint: 'pods/log is forbidden' });
    const { record } = decide(facts({ record: waiting, generators: [alive], outputs, now }));
    const message = 'a generator did not begin in time: pods/log is forbidden';
    expect(record).toMatchObject({ ending: { reason: 'GeneratorFailed', message } });
  });

  it('gives up a launch that takes too long', () => {
    const { record } = decide(
      facts({ record: launching, away: ['local: refused'], now: START + LAUNCH_DEADLINE_MS + 1 }),
    );
    expect(record).toMatchObject({
      phase: 'stopping',
      ending: { reason: 'GeneratorFailed', message: expect.stringContaining('refused') },
    });
  });

  it('holds a target that is not allowed, for it may become known, and ends in time', () => {
    const obstacle: Ending = { reason: 'TargetNotAllowed', message: 'example.com is not known' };
    expect(decide(facts({ obstacle })).record).toEqual({ ...pending, held: obstacle });
    const late = decide(facts({ obstacle, now: START + PENDING_DEADLINE_MS }));
    expect(late.record).toMatchObject({ phase: 'finished', ending: obstacle });
  });
});

describe('decide: aborts', () => {
  const test = buildLoadTest({ thresholds: [threshold] });
  const over = { test, record: running, generators: [alive], outputs: progressing, verdicts: [failing] };

  it('lets a failing threshold pass until its delay is over', () => {
    expect(decide(facts({ ...over, now: START + 4999 })).record.phase).toBe('running');
    expect(decide(facts({ ...over, now: START + 5000 })).record).toMatchObject({
      phase: 'stopping',
      ending: { reason: 'AbortedOnThreshold', message: 'p95: latency.p95 < 0.5 does not hold (latency.p95 = 1)' },
    });
  });

  it('names an abort on an alert so', () => {
    const verdicts = [{ ...failing, aboutAlerts: true }];
    expect(decide(facts({ ...over, verdicts, now: START + 5000 })).record).toMatchObject({
      ending: { reason: 'AbortedOnAlert' },
    });
  });

  it('does not abort by one without abortOnFail, or that cannot be judged yet', () => {
    const mild = buildLoadTest({ thresholds: [{ ...threshold, abortOnFail: false }] });
    expect(decide(facts({ ...over, test: mild, now: START + 6000 })).record.phase).toBe('running');
    const unknown = [{ ...failing, passed: undefined }];
    expect(decide(facts({ ...over, verdicts: unknown, now: START + 6000 })).record.phase).toBe('running');
  });

  it('stops kindly, then by force, then finishes all the same', () => {
    const at = (ms: number) => decide(facts({ record: stopping, generators: [alive], now: START + ms }));
    expect(at(1).effect).toEqual({ kind: 'stop', generators: [alive], force: false });
    expect(at(STOP_GRACE_MS + 1).effect).toEqual({ kind: 'stop', generators: [alive], force: true });
    expect(at(STOP_DEADLINE_MS + 1).record).toMatchObject({ phase: 'finished', ending });
    expect(decide(facts({ record: stopping, generators: [ended] })).record.phase).toBe('finished');
  });
});

describe('decide: what people ask for', () => {
  it('suspends: stops what runs, and begins anew afterwards', () => {
    const test = buildLoadTest({ suspend: true });
    expect(decide(facts({ test, record: running, generators: [alive] })).effect.kind).toBe('remove');
    const held = decide(facts({ test, record: running })).record;
    expect(held).toMatchObject({ phase: 'pending', held: { reason: 'Suspended' } });
    expect(decide(facts({ record: held })).record.phase).toBe('launching');
    expect(decide(facts({ test, record: finished })).record).toEqual(finished);
  });

  it('waits for an engine that is away before it says that all is stopped', () => {
    const test = buildLoadTest({ suspend: true });
    expect(decide(facts({ test, record: running, away: ['x'] })).record).toEqual(running);
    expect(decide(facts({ record: finished, away: ['x'] })).requeueMs).toBeGreaterThan(0);
  });

  it('runs again when asked, once for each request', () => {
    const test = buildLoadTest({ rerun: 'now' });
    const again = decide(facts({ test, record: finished }));
    expect(again.record).toMatchObject({ phase: 'pending', rerun: 'now' });
    expect(decide(facts({ test, record: { ...finished, rerun: 'now' } })).effect.kind).toBe('none');
    expect(decide(facts({ test })).record).toMatchObject({ phase: 'launching', rerun: 'now' });
  });

  it('expires after its time', () => {
    const test = buildLoadTest({ ttlMs: 5000 });
    expect(decide(facts({ test, record: finished, now: START + 12_000 })).requeueMs).toBe(3000);
    expect(decide(facts({ test, record: finished, now: START + 15_000 })).effect.kind).toBe('expire');
  });

  it('goes when deleted, after its generators; one whose engine is away for good goes too', () => {
    const test = buildLoadTest({ deletedAt: START });
    expect(decide(facts({ test, record: running, generators: [alive] })).effect.kind).toBe('remove');
    expect(decide(facts({ test, record: running })).effect).toEqual({ kind: 'release' });
    expect(decide(facts({ test, record: running, away: ['x'] })).effect.kind).toBe('none');
    const late = decide(facts({ test, record: running, away: ['x'], now: START + RELEASE_DEADLINE_MS + 1 }));
    expect(late.effect).toMatchObject({ kind: 'release', left: expect.stringContaining('x') });
  });
});

describe('decide: whatever happens', () => {
  const generator = fc
    .record({
      run: fc.constantFrom(START, START - 1),
      index: fc.nat(2),
      kind: fc.constantFrom('starting' as const, 'running' as const, 'ended' as const),
      code: fc.constantFrom(0, 1, 2, 3, 137, 143),
    })
    .map(({ run, index, kind, code }): Generator => {
      const built = buildGenerator(run, kind, { index });
      return kind === 'ended' ? { ...built, state: { kind, code, reason: `exit code ${code}` } } : built;
    });
  const world = fc.record({
    generators: fc.uniqueArray(generator, { selector: ({ id }) => id, maxLength: 5 }),
    away: fc.constantFrom<readonly string[]>([], ['local: away']),
    record: fc.constantFrom(pending, launching, waiting, running, stopping, finished),
    says: fc.constantFrom<Partial<Output>>({}, { progress: buildProgress() }, { report: buildReport() }),
    suspend: fc.boolean(),
    deletedAt: fc.constantFrom(undefined, START),
    parallelism: fc.integer({ min: 1, max: 3 }),
  });

  it('comes to an end: time alone, with an engine that obeys, finishes every run', () => {
    fc.assert(
      fc.property(world, ({ generators, away, record, says, deletedAt, parallelism }) => {
        const test = buildLoadTest({ parallelism, deletedAt });
        let present = generators;
        let state: RunRecord = record;
        for (let now = START, step = 0; step < 2000; step += 1, now += 1000) {
          const outputs = new Map(present.map(({ id }) => [id, { complaint: '', ...says }]));
          const { record: next, effect } = decide(
            facts({ test, record: state, generators: present, away, outputs, now }),
          );
          state = next;
          if (effect.kind === 'remove') present = present.filter((one) => !effect.generators.includes(one));
          if (effect.kind === 'release' || (state.phase === 'finished' && present.length === 0)) return true;
        }
        return false;
      }),
    );
  });

  it('launches only in a run that was written, and removes only what is not of it, or of one that is over', () => {
    fc.assert(
      fc.property(world, ({ suspend, deletedAt, parallelism, says, ...rest }) => {
        const test = buildLoadTest({ suspend, parallelism, deletedAt });
        const outputs = new Map(rest.generators.map(({ id }) => [id, { complaint: '', ...says }]));
        const { effect } = decide(facts({ test, outputs, ...rest }));
        const isWanted = !suspend && deletedAt === undefined;
        const isLaunch = effect.kind === 'launch';
        expect(isLaunch && !(isWanted && rest.record.phase === 'launching')).toBe(false);
        const removed = effect.kind === 'remove' ? effect.generators : [];
        const isNeeded = isWanted && rest.record.phase !== 'finished' && rest.record.phase !== 'pending';
        expect(isNeeded && removed.some(({ run }) => run === START)).toBe(false);
      }),
    );
  });
});
