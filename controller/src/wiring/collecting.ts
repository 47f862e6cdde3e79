import { join } from 'node:path';
import type { Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import { createCollector, type Collector } from '../collect/collect.ts';
import type { Remembered } from '../collect/docker/remembered.ts';
import type { Kubelets } from '../collect/kubelet/kubelet.ts';
import type { ShardInstruments } from '../collect/kubelet/shards/sharded-kubelets.ts';
import { createProber } from '../collect/probes/probe.ts';
import type { Runtime } from '../collect/runtime.ts';
import type { Config, DockerHost } from '../config.ts';
import { createContainerMemory, readContainerMemory, type ContainerMemory } from './container-memory.ts';
import { measureShards } from '../dashboard/shard-instruments.ts';
import { DATABASE_ENV } from '../evaluate/default-policy.ts';
import type { Log } from '../log.ts';
import type { Instruments } from '../model/instruments.ts';
import type { Problems } from '../problems.ts';

/** What looks at containers. */
export interface Collecting {
  readonly collector: Collector;
  /** What is left to the next process about containers of Docker hosts; absent elsewhere. */
  readonly memory?: ContainerMemory | undefined;
}

export interface CollectingDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly problems: Problems;
  readonly registry: Registry;
  readonly instruments: Instruments;
  /** Until when another replica watched: what happened in a cluster since is news. Absent: nothing before the start is. */
  readonly watchedUntil?: number | undefined;
  /** Shares the kubelets of a cluster among replicas; absent: all are asked from here. */
  readonly share?: ((own: Kubelets, instruments: ShardInstruments) => Kubelets) | undefined;
}

export async function createCollecting(config: Config, deps: CollectingDeps): Promise<Collecting> {
  const { clock, log } = deps;
  const env = { ...config.env, [DATABASE_ENV]: config.defaults.databaseUrl };
  const { runtimes, memory } = await createRuntimes(config, deps);
  return { collector: createCollector({ runtimes, prober: createProber({ env, clock }), clock, log }), memory };
}

interface Runtimes extends Pick<Collecting, 'memory'> {
  readonly runtimes: readonly Runtime[];
}

/** Loads only the adapters of the chosen mode: each costs memory. */
async function createRuntimes(config: Config, deps: CollectingDeps): Promise<Runtimes> {
  const { clock, log, share, registry } = deps;
  if (config.cluster !== undefined) {
    const { createClusterRuntime } = await import('./cluster-runtime.ts');
    const measured = share && ((own: Kubelets) => share(own, measureShards(registry)));
    return { runtimes: [createClusterRuntime(config.cluster, { ...deps, share: measured })] };
  }
  if (config.runtime === 'process') {
    const { createProcessRuntime } = await import('../collect/process/runtime.ts');
    const { hostProcDir, processTargets: targets, dockerHosts } = config;
    const host = dockerHosts[0]?.name ?? 'local';
    return { runtimes: [createProcessRuntime({ host, targets, hostProcDir, clock, log })] };
  }
  return createDockerRuntimes(config, deps);
}

async function createDockerRuntimes(config: Config, { problems, clock, log }: CollectingDeps): Promise<Runtimes> {
  const { createDockerRuntime } = await import('../collect/docker/runtime.ts');
  const file = join(config.dataDir, 'containers.json');
  const earlier = readContainerMemory(file, { now: clock.now(), log });
  const certPath = config.env['DOCKER_CERT_PATH'];
  const runtimes = config.dockerHosts.map((host) =>
    createDockerRuntime({ host, config, certPath, earlier: ofHost(earlier, host), clock, log }),
  );
  return { runtimes, memory: createContainerMemory({ file, runtimes, problems, clock }) };
}

function ofHost(earlier: ReadonlyMap<string, Remembered>, { name }: DockerHost): ReadonlyMap<string, Remembered> {
  return new Map([...earlier].filter(([targetId]) => targetId.startsWith(`${name}/`)));
}
