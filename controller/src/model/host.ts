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
  /** Where readings come from; it decides what watching costs, and for a node of a cluster what can be read. */
  readonly source: 'cgroup' | 'engine-api' | 'proc' | NodeSource;
  /** Why a better source is not used, or what else is odd about it; one line for people. */
  readonly note?: string | undefined;
  readonly cpus: number;
  readonly memoryBytes: number;
}

export interface UnreachableHost extends HostBase {
  readonly reachable: false;
  readonly reason: UnreachableHostReason;
  /** What is wrong and what to do, in one line. */
  readonly message: string;
}

/** `kubelet` is `/stats/summary`; the others know less: of the kubelet's `/metrics/resource`, of metrics.k8s.io. */
export type NodeSource = 'kubelet' | 'kubelet-metrics' | 'metrics-api';

export type UnreachableHostReason =
  | 'Starting'
  | 'NoSocket'
  /** It does not know who asks. */
  | 'Unauthorized'
  /** It knows, and refuses. */
  | 'PermissionDenied'
  | 'CertificateNotTrusted'
  | 'CertificateName'
  | 'CertificateExpired'
  /** No way to it, or no such name. */
  | 'NoRoute'
  | 'Refused'
  | 'Reset'
  | 'Timeout'
  | 'BadAnswer'
  /** It answers, but with readings of long ago. */
  | 'Stale';
