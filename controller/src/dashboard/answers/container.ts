import type { MetricName } from '../../model/metrics.ts';
import type { ChangeKind, ProbeErrorKind } from '../../model/observation.ts';
import type { ProbeSpec } from '../../model/policy.ts';
import type { Severity } from '../../model/severity.ts';
import type { ContainerView } from '../view.ts';

/** `GET api/container?target=ID`. Times are epoch milliseconds, null is "not known". */
export interface ContainerAnswer {
  /** As in the overview. */
  readonly container: ContainerView;
  /** Container id of the present run; empty when it is missing. */
  readonly instance: string;
  readonly limits: { readonly cpuCores: number | null; readonly memoryBytes: number | null };
  readonly labels: readonly LabelView[];
  /** Further labels that are left out. */
  readonly labelsLeftOut: number;
  readonly createdAt: number | null;
  readonly finishedAt: number | null;
  /** Of a container that has ended. */
  readonly exitCode: number | null;
  readonly oomKilled: boolean | null;
  /** Null: the runtime does not tell them. */
  readonly ports: readonly PortView[] | null;
  readonly networks: readonly NetworkView[] | null;
  readonly probes: readonly ContainerProbe[];
  readonly policies: readonly PolicyMatch[];
  readonly rules: readonly RuleStanding[];
  readonly thresholds: readonly ThresholdLine[];
  /** Whether `api/container/log` can show something, and if not, why. */
  readonly log: { readonly available: true } | { readonly available: false; readonly reason: string };
}

/** Hostile text, cut to a bound. */
export interface LabelView {
  readonly name: string;
  readonly value: string;
}

export interface PortView {
  /** `tcp`, `udp` or `sctp`. */
  readonly protocol: string;
  readonly containerPort: number;
  /** Absent when it is not published. */
  readonly hostAddress: string | null;
  readonly hostPort: number | null;
}

export interface NetworkView {
  readonly name: string;
  readonly address: string | null;
}

export interface ContainerProbe {
  readonly policy: string;
  readonly name: string;
  readonly kind: ProbeSpec['kind'];
  /** Where it asks: an address without credentials, or the name of the environment variable that has it. */
  readonly asks: string;
  readonly result: {
    readonly at: number;
    readonly up: boolean;
    readonly status: number | null;
    readonly latencySeconds: number | null;
    readonly value: number | null;
    readonly error: { readonly kind: ProbeErrorKind; readonly message: string } | null;
  } | null;
}

export interface PolicyMatch {
  /** `namespace/name`. */
  readonly key: string;
  readonly suspended: boolean;
  /** One line for each part of the selector: `label app = web`, `name web-* matches web-1`, `every container`. */
  readonly why: readonly string[];
}

/** One severity level of one rule about this container, as it was judged last. */
export interface RuleStanding {
  readonly policy: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** Null before it was judged for the first time. */
  readonly judgedAt: number | null;
  /** `invalid`: the rule does not compile. */
  readonly verdict: 'breach' | 'clear' | 'unknown' | 'invalid' | 'notYet';
  /** Why it is unknown or invalid; the message of a breach. */
  readonly reason: string | null;
  /** What the expression used. */
  readonly values: Readonly<Record<string, number | string | boolean>>;
  /** Alert of this rule about this container, at whatever level. */
  readonly alert: { readonly key: string; readonly state: 'pending' | 'firing' | 'resolved' } | null;
}

/** A line for the chart of a metric, in the unit of its samples (percent, bytes, seconds, bytes a second). */
export interface ThresholdLine {
  readonly metric: MetricName;
  readonly value: number;
  /** Which side is in breach. */
  readonly breach: 'above' | 'below';
  readonly severity: Severity;
  readonly policy: string;
  readonly rule: string;
}

/** `GET api/container/marks?target=ID&from&to`. */
export interface MarksAnswer {
  readonly from: number;
  readonly to: number;
  readonly alerts: readonly AlertSpan[];
  readonly changes: readonly ChangeMark[];
  readonly loadTests: readonly LoadTestSpan[];
  /** More than the answer may hold: the oldest are left out. */
  readonly leftOut: number;
}

export interface AlertSpan {
  readonly key: string;
  readonly policy: string;
  readonly rule: string;
  /** Worst of the firing. */
  readonly severity: Severity;
  readonly message: string;
  readonly from: number;
  /** Null while it fires. */
  readonly to: number | null;
}

export interface ChangeMark {
  readonly at: number;
  readonly kind: ChangeKind;
  readonly exitCode: number | null;
  readonly detail: string | null;
}

export interface LoadTestSpan {
  /** `namespace/name`. */
  readonly key: string;
  readonly from: number;
  /** Null while it runs. */
  readonly to: number | null;
}

/**
 * `GET api/container/log?target=ID&tail=500`: server-sent events. `lines` carries {@link LogLines}; `end` carries
 * {@link LogEnd} and closes the stream. A comment every 15 s keeps it open.
 */
export interface LogLines {
  readonly lines: readonly LogLine[];
  /** Lines that came faster than they could be sent and are left out before these. */
  readonly skipped: number;
}

export interface LogLine {
  /** Null when the runtime does not tell it. */
  readonly at: number | null;
  readonly stream: 'stdout' | 'stderr';
  /** Without ANSI sequences and control characters, cut to a bound. */
  readonly text: string;
}

export interface LogEnd {
  /** `ended`: the container stopped; the page may ask again. */
  readonly reason: 'ended' | 'unavailable' | 'shutdown' | 'signedOut';
  readonly message: string;
}

/** `GET api/uptime?targets=ID,ID`: at most 100 targets, in the order asked. */
export interface UptimeAnswer {
  /** Start of the first slot. */
  readonly from: number;
  readonly slotMs: number;
  readonly targets: readonly TargetUptime[];
}

export interface TargetUptime {
  readonly target: string;
  /** Oldest first, the present one last; as many for each target. */
  readonly slots: readonly UptimeSlot[];
  /** Up and degraded over what is known, 0..1; null when nothing is known. */
  readonly share: number | null;
}

/** Shares of the time of a slot; they add up to 1. */
export interface UptimeSlot {
  /** Worst that took a notable part of it. */
  readonly state: 'up' | 'degraded' | 'down' | 'unknown';
  readonly up: number;
  /** It ran, and a warning or critical alert fired. */
  readonly degraded: number;
  readonly down: number;
  readonly unknown: number;
}
