import type { HostStatus } from '../model/host.ts';
import type { Observation } from '../model/observation.ts';
import type { Target } from '../model/target.ts';

/** Where containers live: one host and the way to look at it. */
export interface Runtime {
  readonly host: string;
  /** Begins to follow the host; returns at once, reachable or not. */
  start(): void;
  /** Idempotent; ends within a few seconds. */
  stop(): Promise<void>;
  status(): HostStatus;
  /** All containers known now, whatever their state. Served from memory. */
  targets(): readonly Target[];
  /**
   * One observation for each id, in their order, `probes` empty. Never rejects and never outlasts its own
   * deadline: what could not be read is an `unreachable` observation.
   */
  observe(targetIds: readonly string[], now: number): Promise<readonly Observation[]>;
  /** Calls back when something happened to a target, so that it is looked at before its interval has passed. */
  onChange(listener: (targetId: string) => void): void;
}
