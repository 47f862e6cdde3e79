import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../controller/src/clock.ts';
import { createDockerRuntime } from '../../controller/src/collect/docker/runtime.ts';
import type { HostRuntime } from '../../controller/src/collect/runtime.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import type { ChangeKind, ContainerObservation, Observation } from '../../controller/src/model/observation.ts';

/** A runtime on a real engine, and ways to wait for what it sees. */
export interface Watching {
  readonly runtime: HostRuntime;
  look(name: string): Promise<Observation>;
  /** Looks until it is as awaited; fails with what it was last. */
  until(name: string, accepts: (seen: ContainerObservation) => boolean): Promise<ContainerObservation>;
  untilReachable(isReachable: boolean): Promise<void>;
}

const LOOK_EVERY_MS = 100;
const PATIENCE_MS = 30_000;

export type StatsSource = 'auto' | 'engine-api';

export function watch(url: string, statsSource: StatsSource): Watching {
  const runtime = createDockerRuntime({
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
    until: async (name, accepts) => {
      let seen = await look(name);
      for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
        if (seen.kind === 'observed' && accepts(seen)) return seen;
        await sleep(LOOK_EVERY_MS);
        seen = await look(name);
      }
      throw new Error(`${name} was not seen as awaited, last as ${JSON.stringify(seen)}`);
    },
    untilReachable: async (isReachable) => {
      for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
        if (runtime.status().reachable === isReachable) return;
        await sleep(LOOK_EVERY_MS);
      }
      throw new Error(`the host is not as awaited: ${JSON.stringify(runtime.status())}`);
    },
  };
}

export function kindsOf(seen: ContainerObservation): readonly ChangeKind[] {
  return seen.changes.map((change) => change.kind);
}

export function has(kind: ChangeKind): (seen: ContainerObservation) => boolean {
  return (seen) => kindsOf(seen).includes(kind);
}
