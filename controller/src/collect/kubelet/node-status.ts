import type { HostStatus } from '../../model/host.ts';
import type { NodeFacts } from './decode/node.ts';
import { reasonsOf, type KubeletError } from './failure.ts';
import type { Summary } from './kubelet.ts';
import { clockNote, type NodeClock } from './node-clock.ts';

interface Standing {
  readonly facts: NodeFacts;
  readonly status: HostStatus;
  readonly clock: NodeClock;
}

export function starting({ name }: NodeFacts, since: number): HostStatus {
  const message = 'its kubelet has not been asked yet';
  return { host: name, runtime: 'kubelet', since, reachable: false, reason: 'Starting', message };
}

export function reachable({ facts, status, clock }: Standing, { source, note }: Summary, now: number): HostStatus {
  const notes = [note, clockNote(clock)].filter((part) => part !== undefined);
  return {
    host: facts.name,
    runtime: 'kubelet',
    since: status.reachable ? status.since : now,
    reachable: true,
    engineVersion: facts.kubeletVersion,
    apiVersion: '',
    source,
    note: notes.length === 0 ? undefined : notes.join('; '),
    ...facts.size,
  };
}

export function unreachable({ facts, status, clock }: Standing, error: KubeletError, now: number): HostStatus {
  const notReady = facts.isReady ? undefined : `the node is not ready (${facts.notReady})`;
  const notes = [`kubelet: ${error.message}`, notReady, clockNote(clock)].filter((part) => part !== undefined);
  return {
    host: facts.name,
    runtime: 'kubelet',
    since: status.reachable || status.reason === 'Starting' ? now : status.since,
    reachable: false,
    reason: reasonsOf(error).host,
    message: notes.join('; '),
  };
}
