import type { Collector } from '../collect/collect.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Alert, AlertChange } from '../model/alert.ts';
import type { Instruments } from '../model/instruments.ts';
import type { AlertContext } from '../model/notification.ts';
import type { Policy } from '../model/policy.ts';
import type { PolicySnapshot, Snapshot } from '../model/snapshot.ts';
import type { DeliveryResult } from '../notify/outbox.ts';
import { alertContext, CONTEXT_LOG_ENTRIES } from './alert-context.ts';
import { createHolder, type Silences } from './holder.ts';
import { keepReaders, putInForce } from './in-force.ts';
import { createHostJudge } from './judge-hosts.ts';
import { judgeSeen, type JudgeDeps, type Judgement } from './judge.ts';
import { createLabelMemory } from './label-memory.ts';
import { createLookout, type Seen } from './look.ts';
import type { PolicyRun } from './policy-run.ts';
import { createRuns, type Runs } from './runs.ts';
import { recordSeen, type ScribeDeps } from './scribe.ts';
import { createSightings, type Sightings } from './sightings.ts';
import { buildSnapshot, policySnapshot, snapshots, type Snapshots } from './snapshot.ts';
import { createStandings, type Standings } from './standing.ts';
import { openTargets } from './watched.ts';
import { createTeller, type TellDeps } from './tell.ts';
import { breathe, createTurns, stopwatched } from './turns.ts';

export type PipelineDeps = Omit<ScribeDeps, 'sightings' | 'labels'> &
  Omit<TellDeps, 'runs' | 'context'> & {
    readonly collector: Collector;
    readonly clock: Clock;
    readonly log: Log;
    /** Ids of targets that were seen running before this process began. */
    readonly seenRunning: readonly string[];
    /** Until when another watched; to the policies of the start, what happened since is news. */
    readonly watchedUntil?: number | undefined;
    /** Name of the object that holds an alert. */
    readonly objectName: (alert: Alert) => string;
    /** Told of each transition, so that events can be written. */
    readonly onChange: (change: AlertChange) => void;
    readonly instruments?: Instruments | undefined;
  };

/** The flow: collect, record, evaluate, alert, notify. */
export interface Pipeline extends Snapshots {
  /** Puts a policy in force, or its new version. */
  apply(policy: Policy): void;
  /** Takes a policy out of force; what it said is forgotten without a message. */
  remove(policyKey: string): void;
  readonly silences: Silences;
  /** Takes who takes care of an alert; undefined when nobody does any more. */
  acknowledge(alertKey: string, by: string | undefined): void;
  /**
   * One pass over what is due; false when it failed. Passes may overlap: a policy whose round is under way is left out.
   */
  tick(now: number): Promise<boolean>;
  delivered(result: DeliveryResult): void;
  policySnapshot(policyKey: string): PolicySnapshot | undefined;
  readonly standings: Standings;
  /** Has a container looked at soon, before its next round. */
  wake(targetId: string): void;
  /** Every policy in force has had its first round. */
  hasLooked(): boolean;
}

/** Within which the policies of a predecessor are in force again. */
const TAKE_OVER_MS = 60_000;

export function createPipeline(deps: PipelineDeps): Pipeline {
  const { collector, windows, book, ledger, clock, watchedUntil = Infinity } = deps;
  /** Policies of another watch come one after the other; one that comes later is new. */
  const newAfter = clock.now() + TAKE_OVER_MS;
  const keep = createKeeper(deps);
  const runs = createRuns();
  const sightings = createSightings();
  const labels = createLabelMemory();
  const holder = createHolder({ ...deps, runs, labels });
  const judgeHosts = createHostJudge({ book, runs, collector });
  const lookout = createLookout({ collector, runs, seenRunning: [...deps.seenRunning, ...openTargets(book.list())] });
  const digest = createDigest({ ...deps, keep, runs, sightings, labels });
  const teller = createTeller({ ...deps, runs, context: (alert) => contextOf(alert, { ...deps, runs, sightings }) });
  collector.onChange((targetId) => runs.wake(targetId, clock.now()));

  async function tick(now: number): Promise<void> {
    const due = lookout.due(now);
    if (due.length > 0) await digest.take(await lookout.look(due, now), now);
    // Of a round that is half judged nothing is told: it would be told in two messages.
    if (digest.isUnderWay()) return;
    keep(judgeHosts(clock.now()));
    ledger.write(holder.hold(clock.now()));
    await ledger.settled();
    if (!digest.isUnderWay()) teller.tell(clock.now());
  }

  function leaveAll(policyKey: string): void {
    for (const id of runs.get(policyKey)?.watched.keys() ?? []) sightings.leave(policyKey, id);
  }

  const overview = (): Snapshot =>
    buildSnapshot({
      ...deps,
      at: clock.now(),
      hosts: collector.hosts(),
      runs: runs.list(),
      alerts: book.list(),
      problems: deps.problems.list(),
      email: { ...deps.outbox.snapshot(), budget: deps.budget?.snapshot(clock.now()) },
      sightings,
    });

  return {
    apply(policy) {
      const now = clock.now();
      if (policy.suspend) leaveAll(policy.key);
      const newsSince = now > newAfter ? now : Math.min(now, watchedUntil);
      const changes = putInForce({ ...deps, runs }, policy, { now, newsSince });
      keep({ changes, touched: changes.map(({ alert }) => alert) });
    },
    remove(policyKey) {
      leaveAll(policyKey);
      runs.remove(policyKey);
      keepReaders({ ...deps, runs });
      const gone = book.list().filter(({ policy }) => policy === policyKey);
      for (const change of book.forgetPolicy(policyKey, clock.now())) deps.onChange(change);
      ledger.erase(gone);
    },
    silences: holder,
    acknowledge(alertKey, by) {
      const acknowledged = book.acknowledge(alertKey, by);
      if (acknowledged !== undefined) ledger.write([acknowledged]);
    },
    tick: (now) => endsWell(tick(now), deps.log),
    delivered: (result) => teller.delivered(result),
    ...snapshots(overview, windows),
    policySnapshot(policyKey) {
      const run = runs.get(policyKey);
      return run && policySnapshot(run, { alerts: book.list(), sightings, defaults: deps.defaults });
    },
    standings: createStandings({ runs, sightings, windows, loads: deps.loads }),
    wake: (targetId) => runs.wake(targetId, clock.now()),
    hasLooked: () => runs.list().every(({ policy, lastRoundAt }) => policy.suspend || lastRoundAt !== undefined),
  };
}

type DigestDeps = Omit<JudgeDeps, 'isInForce'> &
  ScribeDeps & {
    readonly keep: (judged: Judgement) => void;
    readonly runs: Runs;
    readonly instruments?: Instruments | undefined;
  };

interface Digest {
  /** Records and judges what was seen, in the order in which it was: a pass that is quicker waits for its turn. */
  take(seen: readonly Seen[], now: number): Promise<void>;
  isUnderWay(): boolean;
}

function createDigest(deps: DigestDeps): Digest {
  const turns = createTurns();
  const isInForce = (run: PolicyRun): boolean => deps.runs.get(run.policy.key) === run;
  async function take(seen: readonly Seen[], now: number): Promise<void> {
    for (const _ of recordSeen(deps, seen)) await breathe(seen);
    const judging = stopwatched(judgeSeen({ ...deps, isInForce }, seen, now));
    for (const judgement of judging.steps) {
      deps.keep(judgement);
      await breathe(seen);
    }
    deps.instruments?.judged(judging.seconds());
  }
  return { take: (seen, now) => turns.run(() => take(seen, now)), isUnderWay: turns.areWaited };
}

async function endsWell(pass: Promise<void>, log: Log): Promise<boolean> {
  try {
    await pass;
    return true;
  } catch (error) {
    log.error({ err: error }, 'a tick failed');
    return false;
  }
}

/** Writes what the machine did; nothing is told about an alert before its object is written. */
function createKeeper({ ledger, onChange }: Pick<PipelineDeps, 'ledger' | 'onChange'>): (judged: Judgement) => void {
  return ({ changes, touched }) => {
    for (const change of changes) onChange(change);
    const dropped = changes.filter(({ kind }) => kind === 'dropped').map(({ alert }) => alert);
    ledger.erase(dropped);
    ledger.write(touched.filter(({ key }) => dropped.every((gone) => gone.key !== key)));
  };
}

function contextOf(
  alert: Alert,
  {
    sightings,
    runs,
    logs,
    objectName,
  }: Pick<PipelineDeps, 'logs' | 'objectName'> & { readonly sightings: Sightings; readonly runs: Runs },
): AlertContext {
  return alertContext(alert, {
    latest: sightings.latest(alert.target.id),
    rules: runs.get(alert.policy)?.policy.rules ?? [],
    logEntries: logs.recentEntries(alert.target, CONTEXT_LOG_ENTRIES),
    objectName: objectName(alert),
  });
}
