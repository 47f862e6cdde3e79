import { matchesAnyGlob } from '../model/selector.ts';
import type { Snapshot, TargetSnapshot } from '../model/snapshot.ts';
import type { TargetUptime } from './answers/container.ts';
import type { ServiceState, StatusPageAnswer, StatusService } from './answers/status-page.ts';

export interface StatusPageOptions {
  /** Globs of container names; none: there is no status page. */
  readonly names: readonly string[];
  readonly title: string;
}

/** Rows of a page that is read as a whole. */
const MAX_SERVICES = 100;
const MAX_NAME_CHARACTERS = 100;
const worstFirst: readonly ServiceState[] = ['down', 'degraded', 'unknown', 'up'];

/** The containers that the page shows, and how many more there are. */
export function statusTargets(
  { targets }: Snapshot,
  { names }: StatusPageOptions,
): { readonly shown: readonly TargetSnapshot[]; readonly leftOut: number } {
  const chosen =
    names.length === 0 ? [] : targets.filter((seen) => matchesAnyGlob(names, seen.observation.target.name));
  const sorted = chosen.toSorted((a, b) => rankOf(stateOf(a)) - rankOf(stateOf(b)) || compareNames(a, b));
  return { shown: sorted.slice(0, MAX_SERVICES), leftOut: Math.max(0, sorted.length - MAX_SERVICES) };
}

/** Names, states and uptime: nothing else of a container leaves here. `uptimes` by target id. */
export function statusPage(facts: {
  readonly at: number;
  readonly title: string;
  readonly shown: readonly TargetSnapshot[];
  readonly leftOut: number;
  readonly uptimes: ReadonlyMap<string, TargetUptime>;
}): StatusPageAnswer {
  const services = facts.shown.map((seen) => serviceOf(seen, facts.uptimes.get(seen.observation.target.id)));
  const state = worstFirst.find((wanted) => services.some((service) => service.state === wanted)) ?? 'unknown';
  return { title: facts.title, at: facts.at, state, services, leftOut: facts.leftOut };
}

function serviceOf(seen: TargetSnapshot, uptime: TargetUptime | undefined): StatusService {
  const isKnown = uptime !== undefined && uptime.share !== null;
  return {
    name: seen.observation.target.name.slice(0, MAX_NAME_CHARACTERS),
    state: stateOf(seen),
    uptime: uptime?.share ?? null,
    slots: isKnown ? uptime.slots.map(({ state }) => state) : [],
  };
}

function stateOf({ observation, severity }: TargetSnapshot): ServiceState {
  if (observation.kind === 'unreachable') return 'unknown';
  if (observation.state !== 'running') return 'down';
  const isTroubled = severity === 'warning' || severity === 'critical' || observation.health === 'unhealthy';
  return isTroubled ? 'degraded' : 'up';
}

function rankOf(state: ServiceState): number {
  return worstFirst.indexOf(state);
}

function compareNames(a: TargetSnapshot, b: TargetSnapshot): number {
  return a.observation.target.name.localeCompare(b.observation.target.name);
}
