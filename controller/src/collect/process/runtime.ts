import type { Clock } from '../../clock.ts';
import type { ProcessTarget } from '../../config.ts';
import { errorMessage, FoghornError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Observation } from '../../model/observation.ts';
import type { Target } from '../../model/target.ts';
import type { HostRuntime } from '../runtime.ts';
import { createHostWatch } from './host-watch.ts';
import { createProcFiles } from './proc-files.ts';
import { createTreeUsage } from './tree-usage.ts';
import { createWatchedProcess } from './watched-process.ts';

export interface ProcessRuntimeDeps {
  readonly host: string;
  readonly targets: readonly ProcessTarget[];
  /** Where the pids of the pid files are found: `/proc`, or where the host's is mounted. */
  readonly hostProcDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** How soon a start or an end is noticed between two rounds; it costs two small files a target. */
const FOLLOW_INTERVAL_MS = 1000;

/**
 * Watches processes of this machine by their pid files, for a system without an engine. A target is the process and
 * all its descendants. An end is wanted when the pid file is gone by then, and a crash when it is still there: whoever
 * stops a process removes its pid file first.
 */
export function createProcessRuntime(deps: ProcessRuntimeDeps): HostRuntime {
  const { host, clock, log } = deps;
  const files = createProcFiles(deps.hostProcDir);
  const hostWatch = createHostWatch({ ...deps, files });
  const beginRound = createTreeUsage(files);
  const watched = new Map(
    deps.targets.map((target) => [`${host}/${target.name}`, createWatchedProcess({ host, files, ...target })]),
  );
  const listeners: ((targetId: string) => void)[] = [];
  const stopping = new AbortController();
  let following: Promise<void> | undefined;

  function look(now: number): ReturnType<typeof hostWatch.look> {
    const size = hostWatch.look(now);
    if (size === undefined) return undefined;
    const news = [...watched.values()].filter((process) => process.look(size.bootedAt, now));
    for (const { id } of news) for (const listener of listeners) listener(id);
    return size;
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      look(clock.now());
      await clock.sleep(FOLLOW_INTERVAL_MS, stopping.signal);
    }
  }

  /** Undefined when nothing can be known. */
  function readAll(targetIds: readonly string[], now: number): readonly Observation[] | undefined {
    const size = following === undefined ? undefined : look(now);
    if (size === undefined) return undefined;
    const usage = beginRound(size);
    const seen = new Map([...new Set(targetIds)].map((id) => [id, watched.get(id)?.observe(usage, now)]));
    return targetIds.map((id) => seen.get(id) ?? missing(unknownTarget(host, id), now));
  }

  function observe(targetIds: readonly string[], now: number): readonly Observation[] {
    try {
      const seen = readAll(targetIds, now);
      if (seen !== undefined) return seen;
    } catch (error) {
      hostWatch.fail(error, now);
    }
    const status = hostWatch.status();
    const message = status.reachable ? 'processes are not read yet' : status.message;
    return targetIds.map((id) => unreachable(watched.get(id)?.target() ?? unknownTarget(host, id), message, now));
  }

  return {
    host,
    start() {
      following ??= follow().catch((error: unknown) => {
        if (stopping.signal.aborted) return;
        log.error({ host, error: errorMessage(error) }, 'processes are followed no more, but still read every round');
      });
    },
    async stop() {
      stopping.abort();
      await following;
    },
    status: () => hostWatch.status(),
    hosts: () => [hostWatch.status()],
    targets: () => [...watched.values()].map((process) => process.target()),
    containers: () => [...watched.values()].map((process) => process.container()),
    observe: async (targetIds, now) => observe(targetIds, now),
    logs: async (targetId) => {
      if (!watched.has(targetId)) throw new FoghornError('NotFound', `no process ${targetId}`);
      throw new FoghornError('BadRequest', 'the output of a process is not kept; only containers have logs');
    },
    links: async (targetId) => {
      if (!watched.has(targetId)) throw new FoghornError('NotFound', `no process ${targetId}`);
      return undefined;
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

function unknownTarget(host: string, id: string): Target {
  const name = id.startsWith(`${host}/`) ? id.slice(host.length + 1) : id;
  return { id, instance: '', host, name, namespace: '', labels: {}, image: '', limits: {} };
}

function unreachable(target: Target, message: string, now: number): Observation {
  return { kind: 'unreachable', at: now, target, reason: 'HostUnreachable', message, probes: {} };
}

function missing(target: Target, now: number): Observation {
  const nothing = { health: 'none', restarts: 0, resources: {}, changes: [], probes: {} } as const;
  return { kind: 'observed', at: now, target, state: 'missing', ...nothing };
}
