import type { Clock } from '../clock.ts';
import { errorMessage, FoghornError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Container, ContainerLinks, LogChunk, LogOptions } from '../model/container.ts';
import type { HostStatus } from '../model/host.ts';
import type { Observation } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import type { Target } from '../model/target.ts';
import { createLooker } from './look.ts';
import { createMissingTargets } from './missing.ts';
import { createProbeQueue } from './probe-queue.ts';
import type { Prober } from './probes/probe.ts';
import type { Runtime } from './runtime.ts';

/** What one policy wants to know in this round; its targets come from `matchTargets`. */
export interface CollectRequest {
  readonly policy: Pick<Policy, 'key' | 'probes'>;
  readonly targets: readonly Target[];
}

export interface PolicyObservations {
  readonly policyKey: string;
  /** One for each target of the request, in their order, each with the results of the policy's probes. */
  readonly observations: readonly Observation[];
}

export interface Collector {
  /** All containers of all hosts, as far as they are known now. */
  targets(): readonly Target[];
  /** The same with how they stand, without readings. */
  containers(): readonly Container[];
  hosts(): readonly HostStatus[];
  /** Output of a target's container, as {@link Runtime.logs}. */
  logs(targetId: string, options: LogOptions, signal: AbortSignal): Promise<AsyncIterable<LogChunk>>;
  /** How a target's container is reached, as {@link Runtime.links}. */
  links(targetId: string, signal: AbortSignal): Promise<ContainerLinks | undefined>;
  /**
   * One round: looks at each target once for all requests, and runs each policy's probes once, all at the same time.
   * Never rejects. A look takes at most LOOK_DEADLINE_MS, a probe PROBE_QUEUE_MS and its timeout and ABORT_GRACE_MS;
   * the longest of them bounds the round. Rounds may overlap.
   */
  collect(requests: readonly CollectRequest[], now: number): Promise<readonly PolicyObservations[]>;
  /** Calls back with the id of a target that something happened to. */
  onChange(listener: (targetId: string) => void): void;
  /** Begins to follow the hosts; returns at once. */
  start(): void;
  /** Idempotent, ends within {@link STOP_DEADLINE_MS}. */
  stop(): Promise<void>;
}

export interface CollectorDeps {
  /** One for each host. */
  readonly runtimes: readonly Runtime[];
  readonly prober: Prober;
  readonly clock: Clock;
  readonly log: Log;
}

/** A runtime or probe that has not stopped by then is left to the end of the process. */
export const STOP_DEADLINE_MS = 5000;

export function createCollector({ runtimes, prober, clock, log }: CollectorDeps): Collector {
  const hosts = runtimes.map((runtime) => ({ runtime, look: createLooker({ runtime, clock, log }) }));
  const probe = createProbeQueue({ prober, clock });
  const missing = createMissingTargets();
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;

  /** By target id. */
  async function lookAtAll(
    targets: ReadonlyMap<string, Target>,
    now: number,
  ): Promise<ReadonlyMap<string, Observation>> {
    const known = hosts.map(({ runtime, look }) => ({
      look,
      wanted: runtime.targets().flatMap(({ id }) => targets.get(id) ?? []),
    }));
    for (const { wanted } of known) missing.found(wanted.map(({ id }) => id));
    const looks = known
      .filter(({ wanted }) => wanted.length > 0)
      .map(async ({ look, wanted }) => {
        const observations = await look(wanted, now);
        return observations.map((observation, index) => [wanted[index]?.id ?? '', observation] as const);
      });
    return new Map((await Promise.all(looks)).flat());
  }

  function statuses(): readonly HostStatus[] {
    return runtimes.flatMap((runtime) => runtime.hosts());
  }

  function runtimeOf(targetId: string): Runtime {
    const runtime = runtimes.find((one) => one.targets().some((target) => target.id === targetId));
    if (runtime === undefined) throw new FoghornError('NotFound', `no container ${targetId}`);
    return runtime;
  }

  return {
    targets: () => runtimes.flatMap((runtime) => runtime.targets()),
    containers: () => runtimes.flatMap((runtime) => runtime.containers()),
    hosts: statuses,
    logs: async (targetId, options, signal) => runtimeOf(targetId).logs(targetId, options, signal),
    links: async (targetId, signal) => runtimeOf(targetId).links(targetId, signal),
    async collect(requests, now) {
      const targets = new Map(requests.flatMap((request) => request.targets).map((target) => [target.id, target]));
      const looking = lookAtAll(targets, now);
      const collectOne = async ({ policy, targets: wanted }: CollectRequest): Promise<PolicyObservations> => {
        const [probes, seen] = await Promise.all([probe(policy.probes, stopping.signal), looking]);
        const observe = (target: Target): Observation =>
          seen.get(target.id) ?? missing.observe(target, statuses(), now);
        return { policyKey: policy.key, observations: wanted.map((target) => ({ ...observe(target), probes })) };
      };
      return Promise.all(requests.map(collectOne));
    },
    onChange(listener) {
      for (const runtime of runtimes) runtime.onChange(listener);
    },
    start() {
      for (const runtime of runtimes) runtime.start();
    },
    stop() {
      stopping.abort();
      stopped ??= stopAll([...runtimes, prober], { clock, log });
      return stopped;
    },
  };
}

async function stopAll(
  parts: readonly { stop(): Promise<void> }[],
  { clock, log }: Pick<CollectorDeps, 'clock' | 'log'>,
): Promise<void> {
  const ended = new AbortController();
  const stopPart = async (part: { stop(): Promise<void> }): Promise<void> => {
    try {
      await part.stop();
    } catch (error) {
      log.warn({ error: errorMessage(error) }, 'a part of collecting did not stop well');
    }
  };
  const late = clock.sleep(STOP_DEADLINE_MS, ended.signal).then(
    () => log.warn('collecting did not stop in time'),
    () => undefined,
  );
  await Promise.race([Promise.all(parts.map(stopPart)), late]);
  ended.abort();
}
