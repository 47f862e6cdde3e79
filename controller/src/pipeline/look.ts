import type { Collector } from '../collect/collect.ts';
import { matchTargets } from '../collect/select.ts';
import type { Observation } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import type { Target } from '../model/target.ts';
import type { DueRun, Runs } from './runs.ts';
import { isWatched, noteRunning } from './watched.ts';

/** What one policy saw in a round. */
export interface Seen {
  readonly due: DueRun;
  readonly observations: readonly Observation[];
  /** Hosts that could not be seen when the round began or when it ended: what is on them may not be in it. */
  readonly away: ReadonlySet<string>;
}

/** The first stage: who is due, and a look at them. */
export interface Lookout {
  due(now: number): readonly DueRun[];
  look(due: readonly DueRun[], now: number): Promise<readonly Seen[]>;
}

export function createLookout(deps: {
  readonly collector: Collector;
  readonly runs: Runs;
  /** Ids of targets that were seen running before this process began. */
  readonly seenRunning: readonly string[];
}): Lookout {
  const { collector, runs } = deps;
  const seenRunning = new Set(deps.seenRunning);

  function select(policy: Policy, only?: ReadonlySet<string>): readonly Target[] {
    const hosts = collector.hosts();
    const targets = collector.targets();
    const isAmong = ({ id }: Target): boolean => only?.has(id) !== false;
    // whether an expected name is there is seen among all
    const candidates = policy.expect.length > 0 ? targets : targets.filter(isAmong);
    const matched = matchTargets(policy, candidates, hosts[0]?.host ?? '').filter(isAmong);
    // While a host cannot be seen, nobody can say that a container is missing.
    return hosts.every(({ reachable }) => reachable) ? matched : matched.filter(({ instance }) => instance !== '');
  }

  function hostBackAt(): number {
    return collector.hosts().reduce((last, { reachable, since }) => (reachable ? Math.max(last, since) : last), 0);
  }

  function hostsAway(): readonly string[] {
    return collector.hosts().flatMap(({ host, reachable }) => (reachable ? [] : [host]));
  }

  function watchedOf(policy: Policy, observations: readonly Observation[]): readonly Observation[] {
    for (const seen of observations) {
      if (seen.kind === 'observed' && seen.state === 'running') noteRunning(seenRunning, seen.target.id);
    }
    return observations.filter((observation) => isWatched(policy, observation, seenRunning));
  }

  return {
    due: (now) => runs.due(select, { now, hostBackAt: hostBackAt() }),
    async look(due, now) {
      for (const { run } of due) run.inFlight = true;
      const awayBefore = hostsAway();
      try {
        const requests = due.map(({ run, targets }) => ({ policy: run.policy, targets }));
        const collected = await collector.collect(requests, now);
        const byPolicy = new Map(collected.map(({ policyKey, observations }) => [policyKey, observations]));
        const away = new Set([...awayBefore, ...hostsAway()]);
        return due
          .filter(({ run }) => runs.get(run.policy.key) === run)
          .map((one) => ({
            due: one,
            observations: watchedOf(one.run.policy, byPolicy.get(one.run.policy.key) ?? []),
            away,
          }));
      } finally {
        for (const one of due) finishRound(one, now);
      }
    },
  };
}

function finishRound({ run, kind, targets }: DueRun, now: number): void {
  run.inFlight = false;
  if (kind === 'full') run.lastRoundAt = now;
  for (const { id } of targets) if ((run.wakeAt.get(id) ?? Infinity) <= now) run.wakeAt.delete(id);
}
