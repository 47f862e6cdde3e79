import type { ContainerState, Health } from './observation.ts';
import type { Target } from './target.ts';

/** A container as its host last told of it: what it is and how it stands, without readings. */
export interface Container {
  readonly target: Target;
  readonly state: ContainerState;
  /** `none` unless the container runs and has a health check. */
  readonly health: Health;
  /** Epoch milliseconds, as the other times here; absent where a host does not tell it. */
  readonly createdAt?: number | undefined;
  readonly startedAt?: number | undefined;
  /** Of a container that has ended. */
  readonly finishedAt?: number | undefined;
  readonly exitCode?: number | undefined;
  /** Restarts by the restart policy since it was last started by hand. */
  readonly restarts: number;
  /** Whether the kernel killed it for lack of memory in its last run. */
  readonly oomKilled: boolean;
}

/** Which part of a container's output is asked for. */
export interface LogOptions {
  /** Goes on with what is written from now on, until the container ends. */
  readonly follow: boolean;
  /** Puts the time (RFC 3339, nanoseconds) before each line. */
  readonly timestamps: boolean;
  /** Only so many of the last lines. */
  readonly tailLines?: number | undefined;
  /** Epoch milliseconds; only what was written from then on. */
  readonly sinceMs?: number | undefined;
  /** Epoch milliseconds; only what was written before. */
  readonly untilMs?: number | undefined;
}

/** A piece of output, which may begin and end within a line. Hostile bytes. */
export interface LogChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/** How a container is reached. Hostile text. */
export interface ContainerLinks {
  readonly ports: readonly ContainerPort[];
  readonly networks: readonly ContainerNetwork[];
}

export interface ContainerPort {
  /** `tcp`, `udp` or `sctp`. */
  readonly protocol: string;
  readonly containerPort: number;
  /** Absent when it is not published. */
  readonly hostAddress?: string | undefined;
  readonly hostPort?: number | undefined;
}

export interface ContainerNetwork {
  readonly name: string;
  readonly address?: string | undefined;
}
