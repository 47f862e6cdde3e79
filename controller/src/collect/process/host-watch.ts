import type { Clock } from '../../clock.ts';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { HostStatus, ReachableHost } from '../../model/host.ts';
import { isForbidden, type ProcFiles } from './proc-files.ts';

export interface HostWatchDeps {
  readonly host: string;
  readonly hostProcDir: string;
  readonly files: ProcFiles;
  readonly clock: Clock;
  readonly log: Log;
}

export interface HostWatch {
  status(): HostStatus;
  /** Reads the host's size and boot time; undefined when it cannot be read, which is said once in the log. */
  look(now: number): (ReachableHost & { readonly bootedAt: number }) | undefined;
  /** For faults met elsewhere in /proc. */
  fail(error: unknown, now: number): void;
}

/** Keeps whether this machine's /proc can be read. */
export function createHostWatch({ host, hostProcDir, files, clock, log }: HostWatchDeps): HostWatch {
  const fixed = { host, runtime: 'process' } as const;
  const message = 'the controller is starting';
  let status: HostStatus = { ...fixed, since: clock.now(), reachable: false, reason: 'Starting', message };

  function fail(error: unknown, now: number): void {
    const since = status.reachable ? now : status.since;
    const reason = isForbidden(error) ? 'PermissionDenied' : 'BadAnswer';
    const text = `processes cannot be read: ${errorMessage(error)}; HOST_PROC_DIR is ${hostProcDir}`;
    if (status.reachable || status.message !== text) log.warn({ host, reason }, text);
    status = { ...fixed, since, reachable: false, reason, message: text };
  }

  return {
    status: () => status,
    fail,
    look(now) {
      try {
        const { bootedAt, cpus, memoryBytes } = files.host();
        const since = status.reachable ? status.since : now;
        const engine = { engineVersion: '', apiVersion: '', source: 'proc' } as const;
        const reachable: ReachableHost = { ...fixed, ...engine, since, reachable: true, cpus, memoryBytes };
        status = reachable;
        return { ...reachable, bootedAt };
      } catch (error) {
        fail(error, now);
        return undefined;
      }
    },
  };
}
