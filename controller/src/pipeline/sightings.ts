import type { Observation, ProbeResult } from '../model/observation.ts';

/** The latest look at every target, with the probes of all policies that watch it. */
export interface Sightings {
  /** Takes what one policy saw of a target. */
  take(policyKey: string, observation: Observation): void;
  /** The policy no longer watches the target; the last policy to leave takes the sighting along. */
  leave(policyKey: string, targetId: string): void;
  latest(targetId: string): Observation | undefined;
  policiesOf(targetId: string): readonly string[];
  targetIds(): readonly string[];
}

interface Sighting {
  readonly observation: Observation;
  readonly probesByPolicy: ReadonlyMap<string, Readonly<Record<string, ProbeResult>>>;
  /** The observation with all the probes; made when first asked for, then for each reader. */
  merged?: Observation;
}

export function createSightings(): Sightings {
  const sightings = new Map<string, Sighting>();
  return {
    take(policyKey, observation) {
      const known = sightings.get(observation.target.id);
      const probesByPolicy = new Map(known?.probesByPolicy).set(policyKey, observation.probes);
      const isOnly = probesByPolicy.size === 1;
      sightings.set(observation.target.id, { observation, probesByPolicy, ...(isOnly && { merged: observation }) });
    },
    leave(policyKey, targetId) {
      const known = sightings.get(targetId);
      if (known === undefined) return;
      const probesByPolicy = new Map(known.probesByPolicy);
      probesByPolicy.delete(policyKey);
      if (probesByPolicy.size === 0) sightings.delete(targetId);
      else sightings.set(targetId, { observation: known.observation, probesByPolicy });
    },
    latest(targetId) {
      const known = sightings.get(targetId);
      if (known === undefined) return undefined;
      known.merged ??= { ...known.observation, probes: mergeProbes(known.probesByPolicy) };
      return known.merged;
    },
    policiesOf: (targetId) => [...(sightings.get(targetId)?.probesByPolicy.keys() ?? [])].sort(),
    targetIds: () => [...sightings.keys()],
  };
}

/** Where two policies name a probe alike, the first policy in name order speaks. */
function mergeProbes(byPolicy: Sighting['probesByPolicy']): Readonly<Record<string, ProbeResult>> {
  const reversed = [...byPolicy.entries()].sort(([a], [b]) => (a < b ? 1 : -1));
  return Object.fromEntries(reversed.flatMap(([, probes]) => Object.entries(probes)));
}
