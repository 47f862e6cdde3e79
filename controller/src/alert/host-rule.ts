import type { AlertTarget } from '../model/alert.ts';
import type { HostStatus, UnreachableHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import type { RuleVerdict, Verdict } from '../model/verdict.ts';

/** The rule that every policy has unless it says `watchHosts: false`. */
export const HOST_RULE = 'host';

/** A policy that looks once an hour must not learn of its host after two. */
const LONGEST_FOR_MS = 600_000;
const FOR_INTERVALS = 2;

/** A host as what an alert is about. A container's id has a slash, so it is never one's. */
export function hostTarget(host: string): AlertTarget {
  return { id: `host:${host}`, host, namespace: '', name: host, kind: 'host' };
}

/** What the built-in rule says of a host: critical once it has been unreachable for two intervals of the policy. */
export function hostVerdict(status: HostStatus, { intervalMs }: Pick<Policy, 'intervalMs'>): RuleVerdict {
  const forMs = Math.min(FOR_INTERVALS * intervalMs, LONGEST_FOR_MS);
  const verdict = judge(status);
  return {
    rule: HOST_RULE,
    levels: [{ severity: 'critical', forMs, keepFiringForMs: 0, eventLike: false, verdict }],
  };
}

function judge(status: HostStatus): Verdict {
  if (status.reachable) return { kind: 'clear', values: { reachable: true } };
  if (status.reason === 'Starting') return { kind: 'unknown', reason: status.message };
  return {
    kind: 'breach',
    values: { reachable: false, reason: status.reason },
    message: `Host ${status.host} is UNREACHABLE, nothing on it is watched: ${status.message}`,
    actions: actionsFor(status),
  };
}

function actionsFor({ host, reason }: UnreachableHost): readonly string[] {
  if (reason === 'PermissionDenied') return [`Let the user of Foghorn use the Docker engine of host ${host}.`];
  return [
    `See whether host ${host} is up and the network reaches it.`,
    'See whether its Docker engine runs, and what it says: systemctl status docker; journalctl -u docker -n 50',
  ];
}
