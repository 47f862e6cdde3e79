import type { Severity } from './severity.ts';

/** A MonitorPolicy as the pipeline uses it: parsed, with defaults, durations in milliseconds. */
export interface Policy {
  /** `namespace/name`. */
  readonly key: string;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly selector: LabelSelector;
  /** The only namespaces whose containers it watches; absent: all, as always outside of a cluster. */
  readonly namespaces?: readonly string[] | undefined;
  /** Globs; empty matches every name. */
  readonly containerNames: readonly string[];
  /** Names that must exist. */
  readonly expect: readonly string[];
  readonly intervalMs: number;
  readonly stopGraceMs: number;
  readonly probes: readonly ProbeSpec[];
  readonly rules: readonly RuleSpec[];
  readonly cooldownMs: number;
  readonly notify: NotifySpec;
  /** Whether an unreachable host is an alert of this policy. */
  readonly watchHosts: boolean;
  readonly suspend: boolean;
}

/** Where policies are in force. `only`: the one namespace of the cluster that the controller may see. */
export type PolicyPlace = { readonly kind: 'hosts' } | { readonly kind: 'cluster'; readonly only?: string | undefined };

/** Kubernetes' LabelSelector; all parts must hold. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly LabelExpression[];
}

export interface LabelExpression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

export type ProbeSpec = HttpProbeSpec | PostgresProbeSpec | TcpProbeSpec;

export interface HttpProbeSpec {
  readonly kind: 'http';
  readonly name: string;
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS';
  readonly headers: Readonly<Record<string, string>>;
  /** The probe is up when the status is one of these. */
  readonly expectedStatus: readonly number[];
  readonly timeoutMs: number;
}

export interface PostgresProbeSpec {
  readonly kind: 'postgres';
  readonly name: string;
  /** Name of the environment variable of the controller that holds the connection string. */
  readonly connectionEnv: string;
  readonly query: string;
  readonly timeoutMs: number;
}

export interface TcpProbeSpec {
  readonly kind: 'tcp';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/** One severity level of a rule; levels of one name are one alert. */
export interface RuleSpec {
  readonly name: string;
  readonly severity: Severity;
  /** CEL, gives a bool. */
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** May hold `{{ CEL }}`. */
  readonly message?: string | undefined;
  /** Recommended actions; may hold `{{ CEL }}`. */
  readonly actions: readonly string[];
}

export interface NotifySpec {
  /** Absent: the controller's default recipients and sender. */
  readonly to?: readonly string[] | undefined;
  readonly from?: string | undefined;
  /** Recipients that name a webhook (`slack+env:SLACK_URL`); absent: the controller's. */
  readonly webhooks?: readonly string[] | undefined;
  /** Further recipients, besides those above. */
  readonly routes?: readonly NotifyRoute[] | undefined;
  readonly minSeverity: Severity;
  readonly sendResolved: boolean;
  /** How long a message about something new waits for more to go with it. */
  readonly groupWaitMs: number;
  /** Least time between two messages of the policy. */
  readonly groupIntervalMs: number;
}

/** Who hears of alerts from a severity on: whoever hears of the lesser hears of the worse, and of its end. */
export interface NotifyRoute {
  readonly minSeverity: Severity;
  readonly to: readonly string[];
}
