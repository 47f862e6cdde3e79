// Generated from crds/ by scripts/generate-types.ts; run "npm run generate" after a change there.
// Types are those of stored objects: a field with a default is always there.

/** What the alert is about. */
export interface AlertSpec {
  /** Name of the policy. */
  readonly policy: string;
  /** Name of the rule. */
  readonly rule: string;
  /** Highest severity that it has had. */
  readonly severity: 'info' | 'warning' | 'critical';
  /** The container, or the host. */
  readonly target: AlertSpecTarget;
}

/** The container, or the host. */
export interface AlertSpecTarget {
  /** Stable identity of the target over recreations. */
  readonly id: string;
  /** Host that it runs on. */
  readonly host: string;
  /** Namespace of the pod or project of the container. */
  readonly namespace?: string | undefined;
  /** Name of the container or the host. */
  readonly name: string;
  /** What it is: Host for a host, absent for a container. */
  readonly kind?: 'Host' | undefined;
}

/** Where the alert stands; enough to go on from after a restart. */
export interface AlertStatus {
  /** Generation of the spec that this status is about. */
  readonly observedGeneration?: number | undefined;
  /** Pending, Firing or Resolved. */
  readonly state?: string | undefined;
  /** Present severity. */
  readonly severity?: string | undefined;
  /** What is wrong. */
  readonly message?: string | undefined;
  /** Recommended actions. */
  readonly actions?: readonly string[] | undefined;
  /** Values that the rule used. */
  readonly values?: readonly AlertStatusValue[] | undefined;
  /** First breach. */
  readonly pendingSince?: string | undefined;
  /** When it fired. */
  readonly firingSince?: string | undefined;
  /** When it resolved. */
  readonly resolvedTime?: string | undefined;
  /** Cleared, Event, TargetGone, RuleGone, PolicyGone or Suspended. */
  readonly resolvedReason?: string | undefined;
  /** Timers of the severity levels of the rule. */
  readonly levels?: readonly AlertStatusLevel[] | undefined;
  /** Whether the rule is about an event such as a restart; it resolves without a mail. */
  readonly eventLike?: boolean | undefined;
  /** Mails about it that were accepted. */
  readonly notifications?: number | undefined;
  /** When the last of them was accepted. */
  readonly lastNotificationTime?: string | undefined;
  /** Severity that the last mail told. */
  readonly lastSeverity?: string | undefined;
  /** Highest severity of this firing that was told; absent while it is untold. */
  readonly toldSeverity?: string | undefined;
  /** Whether its end was told or needs no telling. */
  readonly resolvedTold?: boolean | undefined;
  /** Firings that the cooldown kept untold. */
  readonly flaps?: number | undefined;
  /** Why SES refused the mail for good. */
  readonly rejected?: string | undefined;
  /** When SES refused it. */
  readonly rejectedTime?: string | undefined;
  /** Of a pending alert, the firing before it; what was told is still about that one. */
  readonly earlier?: AlertStatusEarlier | undefined;
  /** Silence that holds its mails back. */
  readonly silencedBy?: string | undefined;
  /** Alert that holds its mails back. */
  readonly inhibitedBy?: string | undefined;
  /** Who acknowledged it. */
  readonly acknowledgedBy?: string | undefined;
}

/** One value. */
export interface AlertStatusValue {
  /** What it is of. */
  readonly name: string;
  /** Number, String or Boolean: how to read the value. */
  readonly type: string;
  /** The value as text. */
  readonly value: string;
}

/** Timers of one level. */
export interface AlertStatusLevel {
  /** The level. */
  readonly severity: string;
  /** Since when it has been in breach, less the time that was unknown. */
  readonly breachedSince: string;
  /** Whether it has been in breach for long enough. */
  readonly firing: boolean;
  /** Since when it has been clear while firing. */
  readonly clearSince?: string | undefined;
  /** Since when its verdict has been unknown; the other clocks stand still. */
  readonly unknownSince?: string | undefined;
}

/** Of a pending alert, the firing before it; what was told is still about that one. */
export interface AlertStatusEarlier {
  /** Its severity. */
  readonly severity?: string | undefined;
  /** What was wrong. */
  readonly message?: string | undefined;
  /** Whether its rule was about an event. */
  readonly eventLike?: boolean | undefined;
  /** First breach. */
  readonly pendingSince?: string | undefined;
  /** When it fired. */
  readonly firingSince?: string | undefined;
  /** When it resolved. */
  readonly resolvedTime?: string | undefined;
  /** Why it resolved. */
  readonly resolvedReason?: string | undefined;
}

/** What is wanted. Once started it cannot change, apart from suspend and ttlSecondsAfterFinished. */
export interface LoadTestSpec {
  /** Where requests go. */
  readonly target: LoadTestSpecTarget;
  /** What is asked, picked at random by weight. Default: [{"path":"/","method":"GET","weight":1},{"path":"/health","method":"GET","weight":1},{"path":"/cpu-test","method":"GET","weight":1},{"path":"/memory-test","method":"GET","weight":1},{"path":"/db-test","method":"GET","weight":1}]. */
  readonly endpoints: readonly LoadTestSpecEndpoint[];
  /** Preset of concurrency and rate: low 2 and 5/s, medium 5 and 20/s, high 10 and 50/s, extreme 20 and 100/s. */
  readonly level?: 'low' | 'medium' | 'high' | 'extreme' | undefined;
  /** Plan of the rate. */
  readonly stages?: readonly LoadTestSpecStage[] | undefined;
  /** Ramp goes from the rate before to this one, Constant keeps this rate. Default: Ramp. */
  readonly shape?: 'Ramp' | 'Constant' | undefined;
  /** How long a test by level lasts; default 1m. */
  readonly duration?: string | undefined;
  /** Most requests in flight. Default: that of the level, or 10. */
  readonly concurrency?: number | undefined;
  /** Generators among which the rate is divided. Default: 1. */
  readonly parallelism: number;
  /** CEL expressions over the result that must hold. */
  readonly thresholds?: readonly LoadTestSpecThreshold[] | undefined;
  /** Containers whose load is reported, by their labels; if not given, those behind the target's host name. */
  readonly watch?: LoadTestSpecWatch | undefined;
  /** When to run again and again; five cron fields. */
  readonly schedule?: string | undefined;
  /** IANA time zone of the schedule. */
  readonly timeZone?: string | undefined;
  /** What to do when a run is due while one runs. */
  readonly concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace' | undefined;
  /** Successful runs of a schedule that are kept. */
  readonly successfulRunsHistoryLimit?: number | undefined;
  /** Failed runs of a schedule that are kept. */
  readonly failedRunsHistoryLimit?: number | undefined;
  /** Stops a running test and starts none. Default: false. */
  readonly suspend: boolean;
  /** Seconds after its end when the object is deleted. */
  readonly ttlSecondsAfterFinished?: number | undefined;
}

/** Where requests go. */
export interface LoadTestSpecTarget {
  /** Base address. */
  readonly url: string;
  /** Header fields of every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Time after which a request counts as failed. Default: "5s". */
  readonly timeout: string;
  /** How the certificate of an https target is judged; if not given, by the authorities of the system. */
  readonly tls?: LoadTestSpecTargetTls | undefined;
  /** Environment variable of the controller that holds user:password. */
  readonly basicAuthEnv?: string | undefined;
  /** Environment variable of the controller that holds a token. */
  readonly bearerEnv?: string | undefined;
}

/** How the certificate of an https target is judged; if not given, by the authorities of the system. */
export interface LoadTestSpecTargetTls {
  /** Takes any certificate. */
  readonly insecureSkipVerify?: boolean | undefined;
  /** Certificates of the authorities to believe (PEM). */
  readonly ca?: string | undefined;
  /** Name that the certificate must have; default the host of the address. */
  readonly serverName?: string | undefined;
}

/** One endpoint. */
export interface LoadTestSpecEndpoint {
  /** Path and query. */
  readonly path: string;
  /** Method. Default: "GET". */
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** Header fields of its requests, before those of the target. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Body of the request; not for GET and HEAD. */
  readonly body?: string | undefined;
  /** How often in relation to the others. Default: 1. */
  readonly weight: number;
}

/** One stage. */
export interface LoadTestSpecStage {
  /** How long it lasts. */
  readonly duration: string;
  /** Requests a second at its end. */
  readonly rate: number;
}

/** One threshold. */
export interface LoadTestSpecThreshold {
  /** Name of the threshold. */
  readonly name: string;
  /** CEL expression that must be true, for example latency.p95 < 0.5. */
  readonly expr: string;
  /** Whether a failure ends the test. Default: false. */
  readonly abortOnFail: boolean;
  /** How long a failure does not end the test after its start. Default: "0s". */
  readonly delayAbort: string;
}

/** Containers whose load is reported, by their labels; if not given, those behind the target's host name. */
export interface LoadTestSpecWatch {
  /** Labels with the values that they must have. */
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  /** Further conditions on labels; all must hold. */
  readonly matchExpressions?: readonly LoadTestSpecWatchMatchExpression[] | undefined;
}

/** A condition on one label. */
export interface LoadTestSpecWatchMatchExpression {
  /** Name of the label. */
  readonly key: string;
  /** How the label relates to the values. */
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /** For In and NotIn at least one; for Exists and DoesNotExist none. */
  readonly values?: readonly string[] | undefined;
}

/** What the controller found. */
export interface LoadTestStatus {
  /** Generation of the spec that this status is about. */
  readonly observedGeneration?: number | undefined;
  /** Present state in the form that kubectl wait and GitOps tools read. */
  readonly conditions?: readonly LoadTestStatusCondition[] | undefined;
  /** When the generators started. */
  readonly startTime?: string | undefined;
  /** When the test ended. */
  readonly completionTime?: string | undefined;
  /** How far it is, for people. */
  readonly progress?: string | undefined;
  /** When a run of the schedule was last due. */
  readonly lastScheduleTime?: string | undefined;
  /** Last value of the annotation foghorn.dev/rerun-requested-at that was taken up. */
  readonly lastHandledRerun?: string | undefined;
  /** Generators of the load. */
  readonly generators?: LoadTestStatusGenerators | undefined;
  /** Result, live while it runs. Times in seconds. */
  readonly summary?: LoadTestStatusSummary | undefined;
  /** Result of each endpoint. */
  readonly endpoints?: readonly LoadTestStatusEndpoint[] | undefined;
  /** Verdict of each threshold. */
  readonly thresholds?: readonly LoadTestStatusThreshold[] | undefined;
  /** What the load did to the containers. */
  readonly impact?: readonly LoadTestStatusImpact[] | undefined;
  /** Alerts that fired meanwhile. */
  readonly alerts?: readonly LoadTestStatusAlert[] | undefined;
}

/** One aspect of the present state. */
export interface LoadTestStatusCondition {
  /** Which aspect. */
  readonly type: string;
  /** True, False or Unknown. */
  readonly status: 'True' | 'False' | 'Unknown';
  /** Generation of the spec that this was said about. */
  readonly observedGeneration?: number | undefined;
  /** When status last changed. */
  readonly lastTransitionTime: string;
  /** Why; one CamelCase word. */
  readonly reason: string;
  /** Why; for people. */
  readonly message: string;
}

/** Generators of the load. */
export interface LoadTestStatusGenerators {
  /** How many should run. */
  readonly desired?: number | undefined;
  /** How many run. */
  readonly running?: number | undefined;
  /** How many died. */
  readonly failed?: number | undefined;
  /** Whether the times are the target's; false when a generator itself was the bottleneck, absent until the end. */
  readonly reliable?: boolean | undefined;
  /** Why the result is not reliable. */
  readonly doubts?: readonly string[] | undefined;
}

/** Result, live while it runs. Times in seconds. */
export interface LoadTestStatusSummary {
  /** Requests sent. */
  readonly requests?: number | undefined;
  /** Requests a second. */
  readonly rate?: number | undefined;
  /** Requests that failed. */
  readonly errors?: number | undefined;
  /** Failed share of requests. */
  readonly errorRate?: number | undefined;
  /** Requests that could not be sent when they were due. */
  readonly late?: number | undefined;
  /** Time from when a request was due to its answer. */
  readonly latency?: LoadTestStatusSummaryLatency | undefined;
  /** Time from when a request was sent to its answer. */
  readonly serviceTime?: LoadTestStatusSummaryServiceTime | undefined;
}

/** Time from when a request was due to its answer. */
export interface LoadTestStatusSummaryLatency {
  /** Median. */
  readonly p50?: number | undefined;
  /** 90th percentile. */
  readonly p90?: number | undefined;
  /** 95th percentile. */
  readonly p95?: number | undefined;
  /** 99th percentile. */
  readonly p99?: number | undefined;
  /** Longest. */
  readonly max?: number | undefined;
}

/** Time from when a request was sent to its answer. */
export interface LoadTestStatusSummaryServiceTime {
  /** Median. */
  readonly p50?: number | undefined;
  /** 90th percentile. */
  readonly p90?: number | undefined;
  /** 95th percentile. */
  readonly p95?: number | undefined;
  /** 99th percentile. */
  readonly p99?: number | undefined;
  /** Longest. */
  readonly max?: number | undefined;
}

/** Result of one endpoint. */
export interface LoadTestStatusEndpoint {
  /** Path and query. */
  readonly path: string;
  /** Method. */
  readonly method: string;
  /** Requests sent. */
  readonly requests?: number | undefined;
  /** Requests that failed. */
  readonly errors?: number | undefined;
  /** Time from when a request was due to its answer. */
  readonly latency?: LoadTestStatusEndpointLatency | undefined;
  /** Time from when a request was sent to its answer. */
  readonly serviceTime?: LoadTestStatusEndpointServiceTime | undefined;
}

/** Time from when a request was due to its answer. */
export interface LoadTestStatusEndpointLatency {
  /** Median. */
  readonly p50?: number | undefined;
  /** 90th percentile. */
  readonly p90?: number | undefined;
  /** 95th percentile. */
  readonly p95?: number | undefined;
  /** 99th percentile. */
  readonly p99?: number | undefined;
  /** Longest. */
  readonly max?: number | undefined;
}

/** Time from when a request was sent to its answer. */
export interface LoadTestStatusEndpointServiceTime {
  /** Median. */
  readonly p50?: number | undefined;
  /** 90th percentile. */
  readonly p90?: number | undefined;
  /** 95th percentile. */
  readonly p95?: number | undefined;
  /** 99th percentile. */
  readonly p99?: number | undefined;
  /** Longest. */
  readonly max?: number | undefined;
}

/** Verdict of one threshold. */
export interface LoadTestStatusThreshold {
  /** Name of the threshold. */
  readonly name: string;
  /** Whether it held; absent while it cannot be judged. */
  readonly passed?: boolean | undefined;
  /** Values that the expression used. */
  readonly observed?: string | undefined;
}

/** Impact on one container, in percent of what it may use. */
export interface LoadTestStatusImpact {
  /** Name of the container. */
  readonly container: string;
  /** Processor. */
  readonly cpu?: LoadTestStatusImpactCpu | undefined;
  /** Memory. */
  readonly memory?: LoadTestStatusImpactMemory | undefined;
  /** Restarts meanwhile. */
  readonly restarts?: number | undefined;
}

/** Processor. */
export interface LoadTestStatusImpactCpu {
  /** Average. */
  readonly avg?: number | undefined;
  /** Highest. */
  readonly max?: number | undefined;
}

/** Memory. */
export interface LoadTestStatusImpactMemory {
  /** Average. */
  readonly avg?: number | undefined;
  /** Highest. */
  readonly max?: number | undefined;
}

/** One alert. */
export interface LoadTestStatusAlert {
  /** Name of the Alert. */
  readonly name: string;
  /** Its rule. */
  readonly rule?: string | undefined;
  /** Its severity. */
  readonly severity?: string | undefined;
}

/** What is wanted. */
export interface MonitorPolicySpec {
  /** Containers to watch, by their labels. An empty selector matches all. */
  readonly selector: MonitorPolicySpecSelector;
  /** Globs on container names; a container must match the selector and, if any are given, one of these. */
  readonly containerNames?: readonly string[] | undefined;
  /** In a cluster, the namespaces to watch besides the policy's own. Without meaning on a Docker host. */
  readonly namespaceSelector?: MonitorPolicySpecNamespaceSelector | undefined;
  /** Names of containers that must exist; a missing one is a target in state "missing" that is not up. */
  readonly expect?: readonly string[] | undefined;
  /** Time between two checks. Default: "30s". */
  readonly interval: string;
  /** A container that was stopped on request or is being recreated is not down before this has passed, and its failing probes do not count, nor for as long after a start. Default: "15s". */
  readonly stopGrace: string;
  /** What to ask each target beyond its state; rules see the answers as probes.NAME. */
  readonly probes?: readonly MonitorPolicySpecProbe[] | undefined;
  /** What is wrong when. Rules of one name and several severities are levels of one alert, of which only the highest speaks. */
  readonly rules: readonly MonitorPolicySpecRule[];
  /** Least time between two emails about the same alert; while it lasts, reminders follow at this pace. Default: "5m". */
  readonly cooldown: string;
  /** Who is told. Default: {}. */
  readonly notify: MonitorPolicySpecNotify;
  /** Whether a host that stays unreachable for two intervals is an alert of this policy (rule host). Default: true. */
  readonly watchHosts: boolean;
  /** Stops checks and mails; its alerts resolve. Default: false. */
  readonly suspend: boolean;
}

/** Containers to watch, by their labels. An empty selector matches all. */
export interface MonitorPolicySpecSelector {
  /** Labels with the values that they must have. */
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  /** Further conditions on labels; all must hold. */
  readonly matchExpressions?: readonly MonitorPolicySpecSelectorMatchExpression[] | undefined;
}

/** A condition on one label. */
export interface MonitorPolicySpecSelectorMatchExpression {
  /** Name of the label. */
  readonly key: string;
  /** How the label relates to the values. */
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /** For In and NotIn at least one; for Exists and DoesNotExist none. */
  readonly values?: readonly string[] | undefined;
}

/** In a cluster, the namespaces to watch besides the policy's own. Without meaning on a Docker host. */
export interface MonitorPolicySpecNamespaceSelector {
  /** Watch all namespaces. Default: false. */
  readonly any: boolean;
  /** Names of namespaces to watch. */
  readonly matchNames?: readonly string[] | undefined;
}

/** One probe, of exactly one kind. */
export interface MonitorPolicySpecProbe {
  /** Name in rules: probes.NAME. A CEL identifier. */
  readonly name: string;
  /** Sends an HTTP request. */
  readonly http?: MonitorPolicySpecProbeHttp | undefined;
  /** Connects to a PostgreSQL database and runs a query. */
  readonly postgres?: MonitorPolicySpecProbePostgres | undefined;
  /** Opens a TCP connection. */
  readonly tcp?: MonitorPolicySpecProbeTcp | undefined;
}

/** Sends an HTTP request. */
export interface MonitorPolicySpecProbeHttp {
  /** Address to ask. */
  readonly url: string;
  /** Method of the request. Default: "GET". */
  readonly method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS';
  /** Time within which the whole answer must be there. Default: "5s". */
  readonly timeout: string;
  /** Header fields of the request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The probe is up when the status is one of these. Default: [200]. */
  readonly expectedStatus: readonly number[];
}

/** Connects to a PostgreSQL database and runs a query. */
export interface MonitorPolicySpecProbePostgres {
  /** Environment variable of the controller that holds the connection string. */
  readonly connectionEnv?: string | undefined;
  /** In a cluster, the secret of the policy's namespace that holds the connection string. */
  readonly connectionSecretRef?: MonitorPolicySpecProbePostgresConnectionSecretRef | undefined;
  /** Query whose first column of the first row is the value. Default: "SELECT 1". */
  readonly query: string;
  /** Time within which connection and query must be done. Default: "5s". */
  readonly timeout: string;
}

/** In a cluster, the secret of the policy's namespace that holds the connection string. */
export interface MonitorPolicySpecProbePostgresConnectionSecretRef {
  /** Name of the secret. */
  readonly name: string;
  /** Key in the secret. */
  readonly key: string;
}

/** Opens a TCP connection. */
export interface MonitorPolicySpecProbeTcp {
  /** Name or address. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** Time within which the connection must stand. Default: "5s". */
  readonly timeout: string;
}

/** One severity level of a rule. */
export interface MonitorPolicySpecRule {
  /** Name of the rule. */
  readonly name: string;
  /** How bad a breach is. */
  readonly severity: 'info' | 'warning' | 'critical';
  /** CEL expression that is true in a breach, for example cpu > 80. */
  readonly expr: string;
  /** How long it must have been in breach without a break before it fires. Default: "0s". */
  readonly for: string;
  /** How long it must have been clear before it resolves. Default: "0s". */
  readonly keepFiringFor: string;
  /** Text of the alert; may hold {{ CEL expressions }}. Default: the values that the expression used. */
  readonly message?: string | undefined;
  /** Recommended actions, for people; may hold {{ CEL expressions }}. */
  readonly actions?: readonly string[] | undefined;
}

/** Who is told. Default: {}. */
export interface MonitorPolicySpecNotify {
  /** Mail by Amazon SES. Default: {}. */
  readonly email: MonitorPolicySpecNotifyEmail;
  /** Web addresses that are told besides the mail. Default: WEBHOOK_URLS of the controller. */
  readonly webhooks?: readonly MonitorPolicySpecNotifyWebhook[] | undefined;
  /** Whether a mail says that an alert has resolved. Default: true. */
  readonly sendResolved: boolean;
  /** How long a mail about something new waits for more to go with it. What got worse never waits. Default: "0s". */
  readonly groupWait: string;
  /** Least time between two mails of this policy to the same recipients. What got worse never waits. Default: "0s". */
  readonly groupInterval: string;
}

/** Mail by Amazon SES. Default: {}. */
export interface MonitorPolicySpecNotifyEmail {
  /** Recipients. Default: RECIPIENT_EMAILS of the controller. */
  readonly to?: readonly string[] | undefined;
  /** Sender, verified in SES. Default: SENDER_EMAIL of the controller. */
  readonly from?: string | undefined;
  /** Nobody is told of alerts below this severity. Default: "info". */
  readonly minSeverity: 'info' | 'warning' | 'critical';
  /** Further recipients, from a severity on. They are told besides those of "to", and of the end too. */
  readonly routes?: readonly MonitorPolicySpecNotifyEmailRoute[] | undefined;
}

/** Recipients of alerts of a severity and of worse ones. */
export interface MonitorPolicySpecNotifyEmailRoute {
  /** The least severity of which they are told. */
  readonly minSeverity: 'info' | 'warning' | 'critical';
  /** Recipients. */
  readonly to: readonly string[];
}

/** One web address. */
export interface MonitorPolicySpecNotifyWebhook {
  /** The least severity of which it is told. Default: "info". */
  readonly minSeverity: 'info' | 'warning' | 'critical';
  /** What is sent: the body of Alertmanager's webhooks, or of Slack's (which Mattermost and Rocket.Chat take too). Default: "alertmanager". */
  readonly format: 'alertmanager' | 'slack';
  /** The address. It stands in status and logs; use urlEnv for one that is a secret. */
  readonly url?: string | undefined;
  /** Environment variable of the controller that holds the address. */
  readonly urlEnv?: string | undefined;
  /** Environment variable of the controller that holds the key with which each call is signed (HMAC-SHA256). */
  readonly secretEnv?: string | undefined;
}

/** What the controller found. */
export interface MonitorPolicyStatus {
  /** Generation of the spec that this status is about. */
  readonly observedGeneration?: number | undefined;
  /** Present state in the form that kubectl wait and GitOps tools read. */
  readonly conditions?: readonly MonitorPolicyStatusCondition[] | undefined;
  /** Containers that the policy watches. */
  readonly targets?: MonitorPolicyStatusTargets | undefined;
  /** Rules of the policy. */
  readonly rules?: MonitorPolicyStatusRules | undefined;
  /** Alerts of the policy. */
  readonly alerts?: MonitorPolicyStatusAlerts | undefined;
  /** When it was last evaluated; written at most once a minute. */
  readonly lastEvaluationTime?: string | undefined;
  /** The last mail that was tried. */
  readonly lastNotification?: MonitorPolicyStatusLastNotification | undefined;
}

/** One aspect of the present state. */
export interface MonitorPolicyStatusCondition {
  /** Which aspect. */
  readonly type: string;
  /** True, False or Unknown. */
  readonly status: 'True' | 'False' | 'Unknown';
  /** Generation of the spec that this was said about. */
  readonly observedGeneration?: number | undefined;
  /** When status last changed. */
  readonly lastTransitionTime: string;
  /** Why; one CamelCase word. */
  readonly reason: string;
  /** Why; for people. */
  readonly message: string;
}

/** Containers that the policy watches. */
export interface MonitorPolicyStatusTargets {
  /** How many match. */
  readonly matched?: number | undefined;
  /** How many of them run. */
  readonly up?: number | undefined;
  /** How many do not run. */
  readonly down?: number | undefined;
  /** How many could not be looked at. */
  readonly unreachable?: number | undefined;
}

/** Rules of the policy. */
export interface MonitorPolicyStatusRules {
  /** How many are in force. */
  readonly valid?: number | undefined;
  /** How many were skipped because their CEL is wrong. */
  readonly invalid?: number | undefined;
  /** How many verdicts of the last evaluation were unknown. */
  readonly unknown?: number | undefined;
}

/** Alerts of the policy. */
export interface MonitorPolicyStatusAlerts {
  /** In breach but not yet for long enough. */
  readonly pending?: number | undefined;
  /** Firing. */
  readonly firing?: number | undefined;
  /** Firing but silenced. */
  readonly silenced?: number | undefined;
  /** Highest severity that is firing. */
  readonly highestSeverity?: string | undefined;
}

/** The last mail that was tried. */
export interface MonitorPolicyStatusLastNotification {
  /** When. */
  readonly time?: string | undefined;
  /** Its severity. */
  readonly severity?: string | undefined;
  /** What SES calls it. */
  readonly messageId?: string | undefined;
  /** Why it was not accepted. */
  readonly error?: string | undefined;
}

/** Which alerts are silent, and when. Empty lists match all. */
export interface SilenceSpec {
  /** When it begins. Default: at once. */
  readonly startsAt?: string | undefined;
  /** When it ends. */
  readonly endsAt?: string | undefined;
  /** How long it lasts from startsAt, or from its creation. */
  readonly duration?: string | undefined;
  /** A window that comes back every week. */
  readonly schedule?: SilenceSpecSchedule | undefined;
  /** Names of policies. */
  readonly policies?: readonly string[] | undefined;
  /** Names of rules. */
  readonly rules?: readonly string[] | undefined;
  /** Severities. */
  readonly severities?: readonly ('info' | 'warning' | 'critical')[] | undefined;
  /** Containers, by their labels. */
  readonly targetSelector?: SilenceSpecTargetSelector | undefined;
  /** Globs on container names. */
  readonly containerNames?: readonly string[] | undefined;
  /** Why. */
  readonly comment?: string | undefined;
  /** Who wrote it. */
  readonly author?: string | undefined;
}

/** A window that comes back every week. */
export interface SilenceSpecSchedule {
  /** Days on which the window begins. Default: every day. */
  readonly days?: readonly ('Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday' | 'Sunday')[] | undefined;
  /** Begin of the window, HH:MM. */
  readonly start: string;
  /** End of the window, HH:MM; before start it is on the next day. */
  readonly end: string;
  /** IANA time zone of start and end, for example Europe/Berlin. Default: "UTC". */
  readonly timeZone: string;
}

/** Containers, by their labels. */
export interface SilenceSpecTargetSelector {
  /** Labels with the values that they must have. */
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  /** Further conditions on labels; all must hold. */
  readonly matchExpressions?: readonly SilenceSpecTargetSelectorMatchExpression[] | undefined;
}

/** A condition on one label. */
export interface SilenceSpecTargetSelectorMatchExpression {
  /** Name of the label. */
  readonly key: string;
  /** How the label relates to the values. */
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /** For In and NotIn at least one; for Exists and DoesNotExist none. */
  readonly values?: readonly string[] | undefined;
}

/** What the controller found. */
export interface SilenceStatus {
  /** Generation of the spec that this status is about. */
  readonly observedGeneration?: number | undefined;
  /** Present state in the form that kubectl wait and GitOps tools read. */
  readonly conditions?: readonly SilenceStatusCondition[] | undefined;
  /** Pending, Active or Expired. */
  readonly state?: string | undefined;
  /** Alerts that it holds back now. */
  readonly matched?: number | undefined;
}

/** One aspect of the present state. */
export interface SilenceStatusCondition {
  /** Which aspect. */
  readonly type: string;
  /** True, False or Unknown. */
  readonly status: 'True' | 'False' | 'Unknown';
  /** Generation of the spec that this was said about. */
  readonly observedGeneration?: number | undefined;
  /** When status last changed. */
  readonly lastTransitionTime: string;
  /** Why; one CamelCase word. */
  readonly reason: string;
  /** Why; for people. */
  readonly message: string;
}
