import type { HostStatus } from '../model/host.ts';
import type { Observation } from '../model/observation.ts';
import type { Target } from '../model/target.ts';

/** Past this many names the oldest are forgotten; they get a grace time once more. */
const MAX_MISSING = 1000;

/** Remembers since when containers have been missing. */
export interface MissingTargets {
  /** They are there (again). */
  found(targetIds: Iterable<string>): void;
  /** Of a container that no runtime knows: missing, or unreachable while one host cannot be asked whether it has it. */
  observe(target: Target, hosts: readonly HostStatus[], now: number): Observation;
}

export function createMissingTargets(): MissingTargets {
  const since = new Map<string, number>();

  function rememberedSince(id: string, now: number): number {
    const at = since.get(id) ?? now;
    since.set(id, at);
    const [oldest] = since.keys();
    if (since.size > MAX_MISSING && oldest !== undefined) since.delete(oldest);
    return at;
  }

  return {
    found(targetIds) {
      if (since.size === 0) return;
      for (const id of targetIds) since.delete(id);
    },
    observe(known, hosts, now) {
      const target: Target = { ...known, instance: '' };
      const away = hosts.find((status) => !status.reachable);
      if (away !== undefined && !away.reachable) {
        const message = `host ${away.host} cannot be asked: ${away.message}`;
        return { kind: 'unreachable', at: now, target, reason: 'HostUnreachable', message, probes: {} };
      }
      const nothing = { health: 'none', restarts: 0, resources: {}, changes: [], probes: {} } as const;
      // Containers do not vanish by themselves: somebody removes them, maybe to make them anew at once.
      const stopRequestedAt = rememberedSince(target.id, now);
      return { kind: 'observed', at: now, target, state: 'missing', stopRequestedAt, ...nothing };
    },
  };
}
