import type { HostStatus } from '../../model/host.ts';
import type { Observation, Resources } from '../../model/observation.ts';
import type { Target } from '../../model/target.ts';
import type { Containers, TargetView } from './containers.ts';
import { classifyFailure, unreachableReason, type EngineError } from './failure.ts';
import type { HostState } from './host-state.ts';
import { missingTarget } from './identity.ts';
import { readResources, type Baseline } from '../reading.ts';
import type { Counters, StatsSource } from './stats-source.ts';

/** Looks at targets: what is known of them from memory, and their counters from the source. */
export interface Observer {
  observe(targetIds: readonly string[], now: number): Promise<readonly Observation[]>;
}

interface ObserverDeps {
  readonly host: string;
  readonly url: string;
  readonly containers: Containers;
  readonly hostState: HostState;
  readonly stats: StatsSource;
  /** Aborts when the runtime stops. */
  readonly signal: AbortSignal;
}

/** Bounds a whole look, waiting for a place in the queue included; a single reading has less. */
const OBSERVE_TIMEOUT_MS = 6000;
/** Baselines of containers that are gone are dropped when there are this many more than containers. */
const BASELINE_SLACK = 100;

export function createObserver(deps: ObserverDeps): Observer {
  const { host, containers, hostState } = deps;
  /** By container id. */
  const baselines = new Map<string, Baseline>();
  /** Looks at the same container at the same time share one reading. */
  const readings = new Map<string, Promise<Outcome>>();

  function read(view: TargetView, signal: AbortSignal): Promise<Outcome> {
    const { instance } = view.target;
    const current = readings.get(instance);
    if (current !== undefined) return current;
    const reading = readCounters(deps, view, signal).finally(() => readings.delete(instance));
    readings.set(instance, reading);
    return reading;
  }

  async function observeOne(targetId: string, now: number, signal: AbortSignal): Promise<Observation> {
    const before = containers.find(targetId);
    const status = hostState.status();
    if (!status.reachable) return unreachable(before?.target ?? missingTarget(host, targetId), now, status);
    if (before === undefined) return missing(missingTarget(host, targetId), now);
    if (before.life.phase !== 'running') return observed(before, now, { resources: {} });
    const outcome = await read(before, signal);
    // Much may have happened while the engine was asked.
    const after = containers.find(targetId);
    if (after === undefined) return missing(missingTarget(host, targetId), now);
    if (after.life.phase !== 'running') return observed(after, now, { resources: {} });
    if (outcome.kind === 'failed') return failed(after.target, now, outcome.error);
    return observed(after, now, advance(after, outcome, status));
  }

  function advance(view: TargetView, counters: Counters, status: Extract<HostStatus, { reachable: true }>): Reading {
    if (counters.kind !== 'sample') return { resources: {}, note: ABSENT_NOTES[counters.kind] };
    const { facts } = view.life;
    const reading = readResources(baselines.get(facts.id), counters.sample, {
      counters: `${counters.source} ${facts.id} ${facts.startedAt}`,
      allowance: facts.allowance,
      network: facts.network,
      host: status,
    });
    baselines.set(facts.id, reading.baseline);
    hostState.setSource(counters.source);
    return reading;
  }

  return {
    observe: async (targetIds, now) => {
      const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(OBSERVE_TIMEOUT_MS)]);
      prune(baselines, containers.ids());
      return Promise.all(targetIds.map((targetId) => observeOne(targetId, now, signal)));
    },
  };
}

type Outcome = Counters | { readonly kind: 'failed'; readonly error: EngineError };
type Reading = { readonly resources: Resources; readonly note?: string | undefined };

const ABSENT_NOTES = {
  gone: 'removed while it was read',
  idle: 'not running when it was read',
} as const satisfies Record<Exclude<Counters['kind'], 'sample'>, string>;

/** Never rejects: a container that cannot be read is an outcome. */
async function readCounters(deps: ObserverDeps, view: TargetView, signal: AbortSignal): Promise<Outcome> {
  try {
    const session = deps.hostState.session();
    return session === undefined ? { kind: 'idle' } : await deps.stats.read(view.life.facts, session, signal);
  } catch (error) {
    return { kind: 'failed', error: classifyFailure(error, deps.url) };
  }
}

function prune(baselines: Map<string, Baseline>, ids: readonly string[]): void {
  if (baselines.size <= ids.length + BASELINE_SLACK) return;
  const present = new Set(ids);
  for (const id of baselines.keys()) if (!present.has(id)) baselines.delete(id);
}

function observed(view: TargetView, at: number, { resources, note }: Reading): Observation {
  const { facts } = view.life;
  return {
    kind: 'observed',
    at,
    target: view.target,
    state: facts.state,
    health: facts.health,
    createdAt: facts.createdAt,
    startedAt: facts.startedAt,
    finishedAt: facts.finishedAt,
    exitCode: facts.exitCode,
    restarts: facts.restartCount,
    stopRequestedAt: view.stopRequestedAt,
    resources,
    changes: view.changes,
    probes: {},
    note,
  };
}

function missing(target: Target, at: number): Observation {
  return { kind: 'observed', at, target, state: 'missing', health: 'none', restarts: 0, ...NOTHING };
}

const NOTHING = { resources: {}, changes: [], probes: {} } as const;

function failed(target: Target, at: number, { reason, message }: EngineError): Observation {
  return { kind: 'unreachable', at, target, reason: unreachableReason(reason), message, probes: {} };
}

function unreachable(target: Target, at: number, status: Extract<HostStatus, { reachable: false }>): Observation {
  const reason = unreachableReason(status.reason);
  return { kind: 'unreachable', at, target, reason, message: status.message, probes: {} };
}
