/** What is watched: one container, under an identity that outlives its recreation. */
export interface Target {
  /** Stable over recreation: `host/project/service/number` under Compose, else `host/name`. */
  readonly id: string;
  /** Container id of the present run; empty when the target is missing. */
  readonly instance: string;
  readonly host: string;
  /** Container name without the leading slash. Hostile text, as labels and image are. */
  readonly name: string;
  /** Compose project or Kubernetes namespace; empty when there is none. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Image reference as the container was created with. */
  readonly image: string;
  readonly limits: Limits;
}

/** What the container may use. Absent means unlimited. */
export interface Limits {
  readonly cpuCores?: number | undefined;
  readonly memoryBytes?: number | undefined;
}
