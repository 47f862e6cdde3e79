import { systemClock } from '../../controller/src/clock.ts';
import { createDockerRuntime, type DockerRuntime } from '../../controller/src/collect/docker/runtime.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import type { HostStatus } from '../../controller/src/model/host.ts';
import type { ChangeKind, ContainerObservation, Observation } from '../../controller/src/model/observation.ts';
import { until } from '../until.ts';

/** A runtime on a real engine, and ways to wait for what it sees. */
export interface Watching {
  readonly runtime: DockerRuntime;
  look(name: string): Promise<Observation>;
  /** Looks until it is as awaited; what it was last is the cause of a failure. */
  until(name: string, accepts: (seen: ContainerObservation) => boolean): Promise<ContainerObservation>;
  untilStatus(holds: (status: HostStatus) => boolean): Promise<HostStatus>;
}

const PATIENCE_MS = 60_000;

export type StatsSource = 'auto' | 'engine-api';

/** @param before one that watched the same engine: this one carries on as the next process does. */
export function watch(url: string, statsSource: StatsSource, before?: Watching): Watching {
  const runtime = createDockerRuntime({
    earlier: before?.runtime.remembered(),
    host: { name: 'e2e', url },
    config: { statsSource, hostCgroupDir: '/sys/fs/cgroup', hostProcDir: '/proc' },
    clock: systemClock,
    log: createSilentLog(),
  });
  const look = async (name: string): Promise<Observation> => {
    const id = runtime.targets().find((target) => target.name === name)?.id ?? `e2e/${name}`;
    const [seen] = await runtime.observe([id], Date.now());
    if (seen === undefined) throw new Error(`no observation of ${name}`);
    return seen;
  };
  return {
    runtime,
    look,
    async until(name, accepts) {
      return until(`${name} is seen as awaited`, PATIENCE_MS, async () => {
        const seen = await look(name);
        if (seen.kind === 'observed' && accepts(seen)) return seen;
        throw new Error(`it is seen as ${JSON.stringify(seen)}`);
      });
    },
    async untilStatus(holds) {
      return until('the host is as awaited', PATIENCE_MS, () => {
        const status = runtime.status();
        if (holds(status)) return status;
        throw new Error(`it is ${JSON.stringify(status)}`);
      });
    },
  };
}

export function kindsOf(seen: ContainerObservation): readonly ChangeKind[] {
  return seen.changes.map((change) => change.kind);
}

export function has(kind: ChangeKind): (seen: ContainerObservation) => boolean {
  return (seen) => kindsOf(seen).includes(kind);
}
