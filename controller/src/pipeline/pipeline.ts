import type { Collector } from '../collect/collect.ts';
import { startStopwatch, type Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Alert, AlertChange } from '../model/alert.ts';
import type { Instruments } from '../model/instruments.ts';
import type { AlertContext } from '../model/notification.ts';
import type { Policy } from '../model/policy.ts';
import type { PolicySnapshot, Snapshot } from '../model/snapshot.ts';
import type { DeliveryResult } from '../notify/outbox.ts';
import { HOST_RULE } from '../alert/host-rule.ts';
import { alertContext, CONTEXT_LOG_ENTRIES } from './alert-context.ts';
import { createHolder, type Silences } from './holder.ts';
import { createHostJudge } from './judge-hosts.ts';
import { judgeSeen, type Judgement } from './judge.ts';
import { createLabelMemory } from './label-memory.ts';
import { createLookout } from './look.ts';
import { createRuns, type Runs } from './runs.ts';
import { recordSeen, type ScribeDeps } from './scribe.ts';
import { createSightings, type Sightings } from './sightings.ts';
import { buildSnapshot, policySnapshot, snapshots, type Snapshots } from './snapshot.ts';
import { createStandings, type Standings } from './standing.ts';
import { openTargets } from './watched.ts';
import { createTeller, type TellDeps } from './tell.ts';

export type PipelineDeps = Omit<ScribeDeps, 'sightings' | 'labels'> &
  Omit<TellDeps, 'runs' | 'context'> & {
    readonly collector: Collector;
    readonly clock: Clock;
    readonly log: Log;
    /** Ids of targets that were seen running before this process began. */
    readonly seenRunning: readonly string[];
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

export function createPipeline(deps: PipelineDeps): Pipeline {
  const { collector, windows, book, ledger, clock } = deps;
  const keep = createKeeper(deps);
  const runs = createRuns();
  const sightings = createSightings();
  const labels = createLabelMemory();
  const holder = createHolder({ ...deps, runs, labels });
  const judgeHosts = createHostJudge({ book, runs, collector });
  const lookout = createLookout({ collector, runs, seenRunning: [...deps.seenRunning, ...openTargets(book.list())] });
  const teller = createTeller({ ...deps, runs, context: (alert) => contextOf(alert, { ...deps, runs, sightings }) });
  collector.onChange((targetId) => runs.wake(targetId, clock.now()));

  async function tick(now: number): Promise<void> {
    const due = lookout.due(now);
    if (due.length > 0) {
      const seen = await lookout.look(due, now);
      recordSeen({ ...deps, sightings, labels }, seen);
      keep(measured(deps.instruments, () => judgeSeen({ ...deps, sightings }, seen, now)));
    }
    keep(judgeHosts(clock.now()));
    ledger.write(holder.hold(clock.now()));
    await ledger.settled();
    teller.tell(clock.now());
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
      runs.apply(policy, now);
      const rules = new Set([...policy.rules.map(({ name }) => name), ...(policy.watchHosts ? [HOST_RULE] : [])]);
      const changes = policy.suspend ? book.suspend(policy.key, now) : book.keepRules(policy.key, rules, now);
      keep({ changes, touched: changes.map(({ alert }) => alert) });
    },
    remove(policyKey) {
      leaveAll(policyKey);
      runs.remove(policyKey);
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

async function endsWell(pass: Promise<void>, log: Log): Promise<boolean> {
  try {
    await pass;
    return true;
  } catch (error) {
    log.error({ err: error }, 'a tick failed');
    return false;
  }
}

function measured(instruments: Instruments | undefined, judge: () => Judgement): Judgement {
  const elapsedMs = startStopwatch();
  const judgement = judge();
  instruments?.judged(elapsedMs() / 1000);
  return judgement;
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
