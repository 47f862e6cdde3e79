/** One reading of a container's counters: from an engine, a kubelet, or the kernel's files. */
export interface Sample {
  /** When the counters were read, nanoseconds; only differences within one source mean anything. */
  readonly readAtNs: bigint;
  /** Total CPU time, nanoseconds. */
  readonly cpuNs?: number | undefined;
  /** CPU in use, of a source that measures it itself over a window of its own, and gives no counter. */
  readonly cpuCores?: number | undefined;
  /** Working set: usage less inactive file cache. */
  readonly memoryBytes?: number | undefined;
  readonly receivedBytes?: number | undefined;
  readonly transmittedBytes?: number | undefined;
  readonly readBytes?: number | undefined;
  readonly writtenBytes?: number | undefined;
  /** Tasks, that is threads. */
  readonly processes?: number | undefined;
  /** CPUs of the host, as the engine said with the sample. */
  readonly hostCpus?: number | undefined;
}

/** What a container may use, as configured. Absent means unlimited. */
export interface Allowance {
  readonly cpuCores?: number | undefined;
  readonly memoryBytes?: number | undefined;
}

/** `shared`: of another container, whose traffic it would repeat; `none`: nothing to count, or the host's. */
export type NetworkKind = 'own' | 'shared' | 'none';

export interface HostSize {
  readonly cpus: number;
  readonly memoryBytes: number;
}
