import type { LoadTest, ThresholdVerdict } from '../model/load-test.ts';
import {
  LAUNCH_DEADLINE_MS,
  PENDING_DEADLINE_MS,
  RELEASE_DEADLINE_MS,
  STOP_DEADLINE_MS,
  STOP_GRACE_MS,
} from './deadlines.ts';
import { abortOf } from './abort.ts';
import type { Generator, Generators, Output } from './launcher.ts';
import type { Decision, Effect } from './decision.ts';
import { findFailure, type SeenGenerator } from './failure.ts';
import type { ActiveRun, Ending, FinishedRun, PendingRun, RunRecord, StoppingRun } from '../model/load-run.ts';
import { overdue } from './overdue.ts';
import { verdictOf } from './verdict.ts';

export interface Facts {
  readonly test: LoadTest;
  readonly record: RunRecord;
  readonly found: Generators;
  /** Of the generators of this run, by id. */
  readonly outputs: ReadonlyMap<string, Output>;
  /** Ids of generators that run and have said nothing new for too long. */
  readonly silent: ReadonlySet<string>;
  /** Why it may not or cannot be started here. */
  readonly obstacle?: Ending | undefined;
  /** Why the last try to launch a generator of it failed. */
  readonly launchTrouble?: string | undefined;
  readonly verdicts: readonly ThresholdVerdict[];
  readonly now: number;
}

const LOOK_AGAIN_MS = 2000;
const STOP_LOOK_MS = 1000;
/** For generators that an engine which is away may still have. */
const AWAY_MS = 30_000;
const STEP_MS = 200;
/** Different ones, in one message. */
const MAX_CAUSES = 3;
const NOTHING: Effect = { kind: 'none' };

/** The next step of a LoadTest, from what is: level-based, so that any crash is repaired by the next pass. */
export function decide(facts: Facts): Decision {
  const { test, record, found } = facts;
  if (test.deletedAt !== undefined) return decideDeletion(facts, test.deletedAt);
  const stale = found.generators.filter((generator) => !isOfRun(generator, record));
  if (stale.length > 0) return { record, effect: { kind: 'remove', generators: stale }, requeueMs: STEP_MS };
  if (record.phase === 'finished') return decideFinished(facts, record);
  if (test.suspend) return decideSuspended(facts);
  switch (record.phase) {
    case 'pending':
      return decidePending(facts, record);
    case 'launching':
      return decideLaunch(facts, record);
    case 'waiting':
    case 'running':
      return decideRun(facts, record);
    case 'stopping':
      return decideStop(facts, record);
    default:
      return record satisfies never;
  }
}

function decideDeletion({ record, found, now }: Facts, deletedAt: number): Decision {
  const isOverdue = now - deletedAt > RELEASE_DEADLINE_MS;
  if (found.generators.length > 0 && !isOverdue) {
    return { record, effect: { kind: 'remove', generators: found.generators }, requeueMs: STEP_MS };
  }
  if (found.away.length === 0 && found.generators.length === 0) return { record, effect: { kind: 'release' } };
  if (!isOverdue) return wait(record);
  const left = `generators may be left behind, they end with their plan: ${found.away.join('; ')}`;
  return { record, effect: { kind: 'release', left } };
}

function decideFinished({ test, found, now }: Facts, record: FinishedRun): Decision {
  if (found.generators.length > 0) {
    return { record, effect: { kind: 'remove', generators: found.generators }, requeueMs: STEP_MS };
  }
  if (test.rerun !== undefined && test.rerun !== record.rerun && !test.suspend) {
    return { record: { phase: 'pending', since: now, rerun: test.rerun }, effect: NOTHING, requeueMs: STEP_MS };
  }
  if (found.away.length > 0) return { record, effect: NOTHING, requeueMs: AWAY_MS };
  if (test.ttlMs === undefined) return { record, effect: NOTHING };
  const leftMs = record.completedAt + test.ttlMs - now;
  return leftMs <= 0 ? { record, effect: { kind: 'expire' } } : { record, effect: NOTHING, requeueMs: leftMs };
}

function decideSuspended({ record, found, now }: Facts): Decision {
  if (found.generators.length > 0) {
    return { record, effect: { kind: 'remove', generators: found.generators }, requeueMs: STEP_MS };
  }
  // One that cannot be seen may still send.
  if (found.away.length > 0 && record.phase !== 'pending') return wait(record);
  const message =
    record.phase === 'pending'
      ? 'starts when suspend is lifted'
      : 'stopped; it starts from the beginning when suspend is lifted';
  const held: Ending =
    record.phase === 'pending' && record.held?.reason === 'Suspended' ? record.held : { reason: 'Suspended', message };
  return { record: { phase: 'pending', since: now, held, rerun: record.rerun }, effect: NOTHING };
}

function decidePending({ test, obstacle, now }: Facts, record: PendingRun): Decision {
  const since = record.held?.reason === 'Suspended' ? now : record.since;
  if (obstacle === undefined) {
    const rerun = test.rerun ?? record.rerun;
    return { record: { phase: 'launching', startedAt: now, rerun }, effect: NOTHING, requeueMs: STEP_MS };
  }
  if (now - since < PENDING_DEADLINE_MS) return wait({ ...record, since, held: obstacle });
  return finish({ completedAt: now, ending: obstacle, rerun: test.rerun ?? record.rerun });
}

function decideLaunch({ test, found, launchTrouble, now }: Facts, record: ActiveRun): Decision {
  // One that only exists was left half launched: launching it again starts it.
  const launched = found.generators.filter(({ state }) => state.kind !== 'starting');
  const present = new Set(launched.map(({ index }) => index));
  const missing = Array.from({ length: test.parallelism }, (_, index) => index).filter((index) => !present.has(index));
  if (missing.length === 0) return { record: { ...record, phase: 'waiting' }, effect: NOTHING, requeueMs: STEP_MS };
  const waiting = found.generators.filter(({ state }) => state.kind === 'starting' && state.waitsFor !== undefined);
  if (now - record.startedAt > LAUNCH_DEADLINE_MS) {
    const reasons = waiting.flatMap(({ state }) => (state.kind === 'starting' ? (state.waitsFor ?? []) : []));
    const causes = [...new Set([...found.away, ...reasons, ...(launchTrouble === undefined ? [] : [launchTrouble])])];
    const why = causes.length > 0 ? `: ${causes.slice(0, MAX_CAUSES).join('; ')}` : '';
    return stop(record, now, {
      reason: 'GeneratorFailed',
      message: `${missing.length} of ${test.parallelism} generators could not be started in time${why}`,
    });
  }
  // One that cannot be seen may be there.
  if (found.away.length > 0) return wait(record);
  const indexes = missing.filter((index) => !waiting.some((one) => one.index === index));
  if (indexes.length === 0) return wait(record);
  return { record, effect: { kind: 'launch', indexes }, requeueMs: STEP_MS };
}

function decideRun(facts: Facts, record: ActiveRun): Decision {
  const { now } = facts;
  const seen = seenGenerators(facts);
  const failure = findFailure(seen, facts.found.away.length > 0);
  if (failure !== undefined) return stop(record, now, { reason: 'GeneratorFailed', message: failure });
  if (seen.every(({ output, generator }) => output?.report !== undefined && generator?.state.kind === 'ended')) {
    const reports = seen.flatMap(({ output }) => output?.report ?? []);
    const { startedAt, rerun } = record;
    return finish({ startedAt, completedAt: now, ending: verdictOf(reports, facts.verdicts), rerun });
  }
  const isHeard = seen.every(({ output }) => output?.progress !== undefined || output?.report !== undefined);
  const complaint = seen.find(({ output }) => (output?.complaint ?? '') !== '')?.output?.complaint;
  const ending =
    overdue(facts.test, now - record.startedAt, { isHeard, complaint }) ??
    (isHeard ? abortOf(facts, record) : undefined);
  if (ending !== undefined) return stop(record, now, ending);
  return wait({ ...record, phase: isHeard || record.phase === 'running' ? 'running' : 'waiting' });
}

function decideStop({ found, now }: Facts, record: StoppingRun): Decision {
  const { startedAt, stoppingAt, ending, rerun } = record;
  const alive = found.generators.filter(({ state }) => state.kind !== 'ended');
  const isOver = alive.length === 0 && found.away.length === 0;
  if (isOver || now - stoppingAt > STOP_DEADLINE_MS) return finish({ startedAt, completedAt: now, ending, rerun });
  if (alive.length === 0) return wait(record);
  const force = now - stoppingAt > STOP_GRACE_MS;
  return { record, effect: { kind: 'stop', generators: alive, force }, requeueMs: STOP_LOOK_MS };
}

function seenGenerators({ test, found, outputs, silent }: Facts): readonly SeenGenerator[] {
  return Array.from({ length: test.parallelism }, (_, index) => {
    const generator = found.generators.find((one) => one.index === index);
    const id = generator?.id ?? '';
    return { index, generator, output: outputs.get(id), isSilent: silent.has(id) };
  });
}

export function isOfRun(generator: Pick<Generator, 'run'>, record: RunRecord): boolean {
  return record.phase !== 'pending' && generator.run === record.startedAt;
}

function wait(record: RunRecord): Decision {
  return { record, effect: NOTHING, requeueMs: LOOK_AGAIN_MS };
}

function stop({ startedAt, rerun }: ActiveRun, now: number, ending: Ending): Decision {
  return {
    record: { phase: 'stopping', startedAt, stoppingAt: now, ending, rerun },
    effect: NOTHING,
    requeueMs: STEP_MS,
  };
}

function finish(run: Omit<FinishedRun, 'phase'>): Decision {
  return { record: { phase: 'finished', ...run }, effect: NOTHING, requeueMs: STEP_MS };
}
