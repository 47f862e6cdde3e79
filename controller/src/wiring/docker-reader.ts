import type { DockerReader, Reading } from '../apiserver/docker-view/reader.ts';
import type { Collector } from '../collect/collect.ts';
import type { PolicySnapshot, TargetSnapshot } from '../model/snapshot.ts';

type SeenTarget = Pick<TargetSnapshot, 'observation' | 'policies'>;
type Interval = Pick<PolicySnapshot, 'key' | 'intervalMs'>;

/** What the Docker view of the API reads, from the parts that know it. */
export function createDockerReader(deps: {
  readonly collector: Pick<Collector, 'containers' | 'hosts' | 'logs'>;
  readonly snapshot: () => { readonly targets: readonly SeenTarget[]; readonly policies: readonly Interval[] };
}): DockerReader {
  const { collector, snapshot } = deps;
  return {
    containers: collector.containers,
    hosts: collector.hosts,
    logs: collector.logs,
    readings() {
      const { targets, policies } = snapshot();
      const byKey = new Map(policies.map((policy) => [policy.key, policy]));
      return targets.flatMap((target) => readingOf(target, byKey) ?? []);
    },
  };
}

/** Undefined without both readings: the first look at a run tells no rate. */
function readingOf({ observation, policies }: SeenTarget, byKey: ReadonlyMap<string, Interval>): Reading | undefined {
  if (observation.kind === 'unreachable') return undefined;
  const { cpuCores, memoryBytes } = observation.resources;
  if (cpuCores === undefined || memoryBytes === undefined) return undefined;
  const intervals = policies.flatMap((key) => byKey.get(key)?.intervalMs ?? []);
  if (intervals.length === 0) return undefined;
  // policies that share a container share the look at it: the rate is over the shortest of their intervals
  return {
    targetId: observation.target.id,
    at: observation.at,
    windowMs: Math.min(...intervals),
    cpuCores,
    memoryBytes,
  };
}
