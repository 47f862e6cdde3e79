/** What the launcher asks of a cluster. Faults are FoghornErrors; each call ends within a deadline of its own. */
export interface JobCluster {
  /** AlreadyExists when there is a Job of that name. */
  createJob(job: JobObject): Promise<void>;
  /** In all namespaces that the controller sees. */
  listJobs(labelSelector: string): Promise<readonly unknown[]>;
  listPods(namespace: string, labelSelector: string): Promise<readonly unknown[]>;
  /** Merge patches; one that is gone is no fault. */
  patchJob(namespace: string, name: string, change: object): Promise<void>;
  patchPod(namespace: string, name: string, change: object): Promise<void>;
  /** With its pods, by the cluster's garbage collector. One that is gone is no fault. */
  deleteJob(namespace: string, name: string): Promise<void>;
  /** The last lines that its container wrote; undefined when the pod is gone. */
  podLog(namespace: string, name: string, range: LogRange): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface LogRange {
  readonly tailLines: number;
  readonly limitBytes: number;
}

/** A Job as it is sent. */
export interface JobObject {
  readonly apiVersion: 'batch/v1';
  readonly kind: 'Job';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly ownerReferences: readonly {
      readonly apiVersion: string;
      readonly kind: string;
      readonly name: string;
      readonly uid: string;
      readonly controller: boolean;
    }[];
  };
  readonly spec: Readonly<Record<string, unknown>>;
}
