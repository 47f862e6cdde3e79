import type { Container, LogChunk, LogOptions } from '../../model/container.ts';
import type { HostStatus } from '../../model/host.ts';

/** All that this view may ask of the rest of the controller. */
export interface DockerReader {
  /** Every container of every host, as it is known now. */
  containers(): readonly Container[];
  hosts(): readonly HostStatus[];
  /** The newest readings of the containers that a policy watches. */
  readings(): readonly Reading[];
  /** Rejects with a FoghornError. */
  logs(targetId: string, options: LogOptions, signal: AbortSignal): Promise<AsyncIterable<LogChunk>>;
}

/** What one container uses, when its rates are known. */
export interface Reading {
  readonly targetId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The time that a rate is an average of. */
  readonly windowMs: number;
  readonly cpuCores: number;
  readonly memoryBytes: number;
}
