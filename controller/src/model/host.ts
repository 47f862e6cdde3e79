/** A place where containers live, as the controller reaches it. */
export type HostStatus = ReachableHost | UnreachableHost;

interface HostBase {
  readonly host: string;
  readonly runtime: 'docker' | 'process' | 'kubelet';
  /** Since when it has been as it is, epoch milliseconds. */
  readonly since: number;
}

export interface ReachableHost extends HostBase {
  readonly reachable: true;
  /** "28.5.2", API "1.44"; empty for a runtime without an engine. */
  readonly engineVersion: string;
  readonly apiVersion: string;
  /** Where readings come from; it decides what watching costs. */
  readonly source: 'cgroup' | 'engine-api' | 'proc' | 'kubelet';
  readonly cpus: number;
  readonly memoryBytes: number;
}

export interface UnreachableHost extends HostBase {
  readonly reachable: false;
  readonly reason: 'Starting' | 'NoSocket' | 'PermissionDenied' | 'Refused' | 'Timeout' | 'BadAnswer';
  /** What is wrong and what to do, in one line. */
  readonly message: string;
}
