import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import {
  planDurationMs,
  type LoadResult,
  type LoadTest,
  type ThresholdJudge,
  type ThresholdVerdict,
} from '../model/load-test.ts';
import type { Target } from '../model/target.ts';
import type { LoadBoard } from './board.ts';
import { act } from './act.ts';
import { decide, isOfRun, type Facts } from './decide.ts';
import type { Effect } from './decision.ts';
import type { Generator, Generators, LaunchError, LoadLauncher, Output } from './launcher.ts';
import { neighbourhoodOf, resultOf, watchedBy, type LoadSurroundings } from './result.ts';
import type { Ending, RunRecord } from '../model/load-run.ts';
import { createSilence } from './silence.ts';
import { refusalOf, type AllowList, type Neighbourhood } from './target.ts';
import { createWaker } from './waker.ts';

export interface RunnerDeps extends LoadSurroundings {
  /** Absent: load tests are switched off, or cannot run here. */
  readonly launcher: LoadLauncher | undefined;
  readonly allowed: AllowList;
  /** Throws when an expression does not compile. */
  readonly compileThresholds: (test: LoadTest) => ThresholdJudge;
  readonly board: LoadBoard;
  readonly clock: Clock;
  readonly log: Log;
}

/** One pass over a LoadTest: what was done, and what there is to be written. */
export interface Step {
  readonly record: RunRecord;
  readonly result: LoadResult;
  readonly verdicts: readonly ThresholdVerdict[];
  readonly generators: { readonly desired: number; readonly running: number; readonly failed: number };
  /** Seconds of the plan that are over, by the slowest generator. */
  readonly elapsedSeconds: number;
  readonly effect: Effect;
  readonly requeueMs?: number | undefined;
}

export interface LoadRunner {
  /** Looks, decides, acts. What it returns as record must be written before the next step. */
  step(test: LoadTest, record: RunRecord, signal: AbortSignal): Promise<Step>;
  /** Ends what is left of tests that are no more; false while an engine is away that may have some. */
  sweep(isKnown: (owner: string) => boolean, signal: AbortSignal): Promise<boolean>;
  forget(key: string): void;
  close(): Promise<void>;
}

/** Fast enough for a hiccup of an engine, slow enough for its log and ours. */
const LAUNCH_AGAIN_MS = 2000;
const NONE: Generators = { generators: [], away: [] };

export function createLoadRunner(deps: RunnerDeps): LoadRunner {
  const { launcher, board, clock, log } = deps;
  const silence = createSilence();
  /** Why the last try to launch failed, by test. */
  const troubles = new Map<string, string>();
  const waker = createWaker(deps);

  async function step(test: LoadTest, record: RunRecord, signal: AbortSignal): Promise<Step> {
    const found = (await launcher?.list(test.uid, signal)) ?? NONE;
    const own = found.generators.filter((generator) => isOfRun(generator, record));
    const outputs = await readOutputs(launcher, own, signal);
    const around = await neighbourhoodOf(test, deps);
    const now = clock.now();
    const watched = watchedBy(test, around);
    const result = await resultOf(deps, { record, outputs: [...outputs.values()], watched, now });
    const verdicts = deps.compileThresholds(test)(result);
    const silent = silence.observe(own, outputs, now);
    const obstacle = obstacleOf(test, deps, around);
    const launchTrouble = troubles.get(test.key);
    const decision = decide({ test, record, found, outputs, silent, obstacle, launchTrouble, verdicts, now });
    const elapsedSeconds = elapsedOf([...outputs.values()]);
    const failure = launcher && (await act({ launcher, log }, { test, ...decision }, signal));
    noteTrouble(troubles, { test, record, failure });
    const next = failure?.isFinal === true ? failedLaunch(decision.record, failure.message, now) : decision.record;
    show(test, next.phase, { result, watched, elapsedSeconds });
    return {
      record: next,
      result,
      verdicts,
      generators: countGenerators(test, own),
      elapsedSeconds,
      effect: decision.effect,
      requeueMs: failure === undefined ? decision.requeueMs : LAUNCH_AGAIN_MS,
    };
  }

  /** Tells rules, logs and pages what drives which containers. */
  function show(test: LoadTest, phase: RunRecord['phase'], seen: Shown): void {
    const [namespace = ''] = test.key.split('/');
    const running = phase === 'running';
    const durationSeconds = planDurationMs(test) / 1000;
    const { elapsedSeconds, watched } = seen;
    const { summary } = seen.result;
    const snapshot = { namespace, name: test.name, phase, running, elapsedSeconds, durationSeconds, summary };
    board.set(test.key, { snapshot, targetIds: watched.map(({ id }) => id), series: seen.result.series }, clock.now());
    if (running && test.deletedAt === undefined) waker.wake(test.key, watched);
    else waker.forget(test.key);
  }

  return {
    step,
    async sweep(isKnown, signal) {
      if (launcher === undefined) return true;
      const { generators, away } = await launcher.list(undefined, signal);
      const left = generators.filter(({ owner }) => !isKnown(owner));
      for (const generator of left) {
        log.info({ generator: generator.id }, 'its load test is no more: the generator is removed');
        await launcher.remove(generator, signal);
      }
      return away.length === 0;
    },
    forget(key) {
      board.remove(key);
      troubles.delete(key);
      waker.forget(key);
    },
    close: async () => launcher?.close(),
  };
}

function obstacleOf(
  test: LoadTest,
  { launcher, allowed }: Pick<RunnerDeps, 'launcher' | 'allowed'>,
  around: Neighbourhood,
): Ending | undefined {
  const refusal = refusalOf(test.url, allowed, around);
  if (refusal !== undefined) return { reason: 'TargetNotAllowed', message: refusal };
  const message = 'no launcher for load generators: LOADTEST_LAUNCHER is off';
  return launcher === undefined ? { reason: 'LauncherUnavailable', message } : undefined;
}

/** Remembers why the last try to launch failed, as long as it is tried. */
function noteTrouble(
  troubles: Map<string, string>,
  { test, record, failure }: Pick<Facts, 'test' | 'record'> & { readonly failure: LaunchError | undefined },
): void {
  if (failure !== undefined) troubles.set(test.key, failure.message);
  else if (record.phase !== 'launching' || test.deletedAt !== undefined) troubles.delete(test.key);
}

interface Shown {
  readonly result: LoadResult;
  readonly watched: readonly Target[];
  readonly elapsedSeconds: number;
}

/** A launch that cannot succeed ends the run; what was started of it is stopped. */
function failedLaunch(record: RunRecord, message: string, now: number): RunRecord {
  if (record.phase !== 'launching') return record;
  const { startedAt, rerun } = record;
  return { phase: 'stopping', startedAt, stoppingAt: now, ending: { reason: 'GeneratorFailed', message }, rerun };
}

async function readOutputs(
  launcher: LoadLauncher | undefined,
  generators: readonly Generator[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Output>> {
  if (launcher === undefined) return new Map();
  const read = generators
    .filter(({ state }) => state.kind !== 'starting')
    .map(async (generator) => [generator.id, await launcher.read(generator, signal)] as const);
  return new Map(await Promise.all(read));
}

function countGenerators(test: LoadTest, own: readonly Generator[]): Step['generators'] {
  const running = own.filter(({ state }) => state.kind === 'running').length;
  const failed = own.filter(
    ({ state }) => state.kind === 'ended' && state.code !== undefined && ![0, 3].includes(state.code),
  );
  return { desired: test.parallelism, running, failed: failed.length };
}

function elapsedOf(outputs: readonly Output[]): number {
  const elapsed = outputs.map(({ progress, report }) => report?.durationSeconds ?? progress?.elapsedSeconds ?? 0);
  return elapsed.length === 0 ? 0 : Math.min(...elapsed);
}
