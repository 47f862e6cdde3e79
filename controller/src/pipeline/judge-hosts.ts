import { alertKey, type AlertBook } from '../alert/book.ts';
import { HOST_RULE, hostTarget, hostVerdict } from '../alert/host-rule.ts';
import type { Collector } from '../collect/collect.ts';
import type { AlertChange } from '../model/alert.ts';
import type { HostStatus } from '../model/host.ts';
import type { Judgement } from './judge.ts';
import type { PolicyRun } from './policy-run.ts';
import type { Runs } from './runs.ts';

/** Judges the hosts for every policy that watches them; at every tick, so that all policies agree. */
export type HostJudge = (now: number) => Judgement;

export function createHostJudge(deps: {
  readonly book: AlertBook;
  readonly runs: Runs;
  readonly collector: Pick<Collector, 'hosts'>;
}): HostJudge {
  const { book, runs, collector } = deps;
  /** Hosts that have been reached since this process began: it is known what is on them. */
  const reached = new Set<string>();

  function judge(run: PolicyRun, status: HostStatus, now: number): Judgement {
    const target = hostTarget(status.host);
    const key = alertKey(run.policy.key, HOST_RULE, target.id);
    const isOpen = (book.get(key)?.state ?? 'resolved') !== 'resolved';
    if (!isOpen && (status.reachable || !concerns(run, status.host))) return nothing;
    if (!isLookedAt(run, status, now)) return nothing;
    const changes = book.apply(run.policy, target, [hostVerdict(status, run.policy)], now);
    return { changes, touched: [book.get(key)].filter((alert) => alert !== undefined) };
  }

  /** A policy is told of a host that has containers of it, or may have: nobody has seen yet what is on it. */
  function concerns({ policy, watched }: PolicyRun, host: string): boolean {
    if (!reached.has(host) || watched.values().some((target) => target.host === host)) return true;
    return book.list().some((alert) => alert.policy === policy.key && alert.target.host === host);
  }

  return (now) => {
    const hosts = collector.hosts();
    for (const { host, reachable } of hosts) if (reachable) reached.add(host);
    const watching = runs.list().filter(({ policy }) => policy.watchHosts && !policy.suspend);
    const judged = watching.flatMap((run) => hosts.map((status) => judge(run, status, now)));
    return { changes: judged.flatMap(({ changes }) => changes), touched: judged.flatMap(({ touched }) => touched) };
  };
}

/** That a host is back is said along with what did not come back with it. */
function isLookedAt(
  { lastRoundAt = Number.NEGATIVE_INFINITY }: PolicyRun,
  { reachable, since }: HostStatus,
  now: number,
): boolean {
  return !reachable || since > now || lastRoundAt >= since;
}

const nothing: { readonly changes: readonly AlertChange[]; readonly touched: readonly [] } = {
  changes: [],
  touched: [],
};
