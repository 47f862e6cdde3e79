import { alertKey, type AlertBook } from '../alert/book.ts';
import { hostTarget } from '../alert/host-rule.ts';
import type { Collector } from '../collect/collect.ts';
import { evaluatePolicy } from '../evaluate/evaluate.ts';
import { undecidedUntil } from '../evaluate/settling.ts';
import type { Alert, AlertChange } from '../model/alert.ts';
import type { LoadReader } from '../model/load-test.ts';
import type { Observation } from '../model/observation.ts';
import type { Target } from '../model/target.ts';
import type { RuleVerdict } from '../model/verdict.ts';
import type { Windows } from '../record/window.ts';
import { brokenDependencies, nameDependencies } from './dependency.ts';
import type { Seen } from './look.ts';
import { forgetTarget, type PolicyRun } from './policy-run.ts';
import type { Sightings } from './sightings.ts';
import { slices } from './slices.ts';

/** What judging did: transitions, and the alerts whose objects may have to be written. */
export interface Judgement {
  readonly changes: readonly AlertChange[];
  readonly touched: readonly Alert[];
}

export interface JudgeDeps {
  readonly book: AlertBook;
  readonly windows: Windows;
  readonly sightings: Sightings;
  readonly collector: Pick<Collector, 'hosts'>;
  /** Whether the policy is still that of this run. */
  readonly isInForce: (run: PolicyRun) => boolean;
  /** Load tests that run now. */
  readonly loads?: LoadReader | undefined;
}

/**
 * The third and fourth stage: rules give verdicts, and the alert machine takes its steps. In slices, so that thousands
 * of containers do not hold up the rest of the process; what a policy is that was replaced meanwhile is left out.
 */
export function* judgeSeen(deps: JudgeDeps, seen: readonly Seen[], now: number): Generator<Judgement> {
  for (const { due, observations, away } of seen) {
    const { run, kind } = due;
    for (const slice of slices(observations)) {
      if (!deps.isInForce(run)) break;
      const judged = slice.map((observation) => judge(deps, run, observation));
      for (const observation of slice) wakeWhenDecided(run, observation);
      if (kind === 'partial') watchToo(run, slice);
      yield together(judged);
    }
    if (!deps.isInForce(run)) continue;
    run.lastEvaluationAt = now;
    if (kind === 'full') yield leaveOthers(deps, run, { observations, away, now });
  }
}

function together(judgements: readonly Judgement[]): Judgement {
  return {
    changes: judgements.flatMap(({ changes }) => changes),
    touched: judgements.flatMap(({ touched }) => touched),
  };
}

function judge(deps: JudgeDeps, run: PolicyRun, observation: Observation): Judgement {
  const { book, windows } = deps;
  const { policy, compiled } = run;
  const { at, target } = observation;
  const evaluatedAt = run.evaluatedAt.get(target.id);
  const judged = evaluatePolicy(compiled, {
    observation,
    // To a target that was not there in the last round, what is older is no news.
    previousAt: evaluatedAt ?? run.lastEvaluationAt ?? run.appliedAt,
    recent: windows.recent(target.id),
    loadtest: deps.loads?.on(target.id),
    now: at,
  });
  const named = judged.some(isInBreach) ? nameDependencies(judged, dependenciesDown(deps, target)) : judged;
  const verdicts = isLongAgo(evaluatedAt, run, at)
    ? named.map((verdict) => ({ ...verdict, unjudgedSince: evaluatedAt }))
    : named;
  // What happened while a host was away must still be news when it is back.
  if (observation.kind === 'observed') run.evaluatedAt.set(target.id, at);
  run.unknownByTarget.set(target.id, unknownRules(verdicts));
  const changes = book.apply(policy, target, verdicts, at);
  const touched = verdicts.flatMap(({ rule }) => book.get(alertKey(policy.key, rule, target.id)) ?? []);
  return { changes, touched };
}

/** Rounds that may be missed, and for how long: past both the machine was suspended, or its clock was set forward. */
const MISSED_ROUNDS = 3;
const LEAST_PAUSE_MS = 60_000;

function isLongAgo(evaluatedAt: number | undefined, { policy }: PolicyRun, now: number): boolean {
  return evaluatedAt !== undefined && now - evaluatedAt > Math.max(MISSED_ROUNDS * policy.intervalMs, LEAST_PAUSE_MS);
}

function isInBreach({ levels }: RuleVerdict): boolean {
  return levels.some(({ verdict }) => verdict.kind === 'breach');
}

function dependenciesDown({ sightings }: JudgeDeps, target: Target): readonly string[] {
  return brokenDependencies(target, () => sightings.targetIds().flatMap((id) => sightings.latest(id) ?? []));
}

/** A rule counts as unknown when none of its levels could be decided. */
function unknownRules(verdicts: readonly RuleVerdict[]): readonly string[] {
  const unknown = verdicts.filter(({ levels }) => levels.every(({ verdict }) => verdict.kind === 'unknown'));
  return unknown.length === 0 ? none : unknown.map(({ rule }) => rule);
}

/** One for all: of most targets everything is known. */
const none: readonly string[] = [];

/** A container that may or may not be back is looked at again when that is decided, not at the next round. */
function wakeWhenDecided({ policy, wakeAt }: PolicyRun, observation: Observation): void {
  const until = observation.kind === 'observed' ? undecidedUntil(observation, policy.stopGraceMs) : undefined;
  const { id } = observation.target;
  if (until !== undefined) wakeAt.set(id, Math.min(until, wakeAt.get(id) ?? until));
}

/** A target that is gone again before the next full round must be left in that round, as any other. */
function watchToo(run: PolicyRun, observations: readonly Observation[]): void {
  for (const { target } of observations) run.watched.set(target.id, target);
}

/** Ends what the policy said about targets that it no longer watches; those of a host that is away stay. */
function leaveOthers(
  { book, windows, sightings, collector }: JudgeDeps,
  run: PolicyRun,
  { observations, away, now }: Omit<Seen, 'due'> & { readonly now: number },
): Judgement {
  const { key } = run.policy;
  const watched = new Map(observations.map(({ target }) => [target.id, target]));
  for (const [id, target] of run.watched) {
    if (watched.has(id)) continue;
    if (away.has(target.host)) {
      watched.set(id, target);
      continue;
    }
    forgetTarget(run, id);
    sightings.leave(key, id);
    if (sightings.latest(id) === undefined) windows.drop(id);
  }
  run.watched = watched;
  const restored = book
    .list()
    .filter(({ policy, target }) => policy === key && target.kind !== 'host' && away.has(target.host));
  const hosts = run.policy.watchHosts ? collector.hosts().map(({ host }) => hostTarget(host)) : [];
  const kept = [...watched.keys(), ...[...restored.map(({ target }) => target), ...hosts].map(({ id }) => id)];
  const changes = book.keepTargets(key, new Set(kept), now);
  return { changes, touched: changes.map(({ alert }) => alert) };
}
