import type { Container, ContainerLinks, LogChunk, LogOptions } from '../model/container.ts';
import type { HostStatus } from '../model/host.ts';
import type { Observation } from '../model/observation.ts';
import type { Target } from '../model/target.ts';

/** Where containers live, and the way to look at them: a Docker host, a cluster. */
export interface Runtime {
  /** Name of the place: the first part of the ids of its targets. */
  readonly host: string;
  /** Begins to follow the host; returns at once, reachable or not. */
  start(): void;
  /** Idempotent; ends within a few seconds. */
  stop(): Promise<void>;
  /** The hosts it looks at, as it reaches them. */
  hosts(): readonly HostStatus[];
  /** All containers known now, whatever their state. Served from memory. */
  targets(): readonly Target[];
  /** The same containers with how they stand, without readings. Served from memory. */
  containers(): readonly Container[];
  /**
   * One observation for each id, in their order, `probes` empty. Never rejects and never outlasts its own
   * deadline: what could not be read is an `unreachable` observation.
   */
  observe(targetIds: readonly string[], now: number): Promise<readonly Observation[]>;
  /**
   * Output of a target's present container; resolves when the host has begun to answer. The signal ends it quietly.
   * Rejects with a FoghornError: NotFound, Unavailable (the host is away), BadRequest (its output is not kept).
   */
  logs(targetId: string, options: LogOptions, signal: AbortSignal): Promise<AsyncIterable<LogChunk>>;
  /** How a target's present container is reached, asked anew; undefined where there is nothing to tell. Rejects as `logs`. */
  links(targetId: string, signal: AbortSignal): Promise<ContainerLinks | undefined>;
  /** Calls back when something happened to a target, so that it is looked at before its interval has passed. */
  onChange(listener: (targetId: string) => void): void;
}

/** A runtime of a single host. */
export interface HostRuntime extends Runtime {
  status(): HostStatus;
}
