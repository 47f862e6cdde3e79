import { formatDuration } from '../model/duration.ts';

/** Environment variable under which the controller hands the default policy's database to its probe. */
export const DATABASE_ENV = 'FOGHORN_DATABASE_URL';

/** What the environment says about the built-in policies. */
export interface DefaultPolicySettings {
  /** Where they are declared; absent: `default`. */
  readonly namespace?: string | undefined;
  /** Critical, percent of the CPU that the container may use. */
  readonly cpuThreshold: number;
  /** Warning, percent of the memory limit. */
  readonly memoryThreshold: number;
  readonly cooldownMs: number;
  readonly intervalMs: number;
  readonly containerName?: string | undefined;
  readonly targetUrl?: string | undefined;
  readonly hasDatabase: boolean;
}

/** A MonitorPolicy as a manifest has it, to be admitted like one that a user wrote. */
export interface PolicyManifest {
  readonly apiVersion: 'foghorn.dev/v1alpha1';
  readonly kind: 'MonitorPolicy';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * The severity table of the README: `default` for every container, and `default-http` for the one that TARGET_URL
 * (and DB_*) belong to, when that is known.
 */
export function defaultPolicies(settings: DefaultPolicySettings): readonly PolicyManifest[] {
  const watched = watchedService(settings);
  const everyContainer = createManifest('default', settings, {
    selector: everyContainerButGenerators,
    rules: containerRules(settings),
  });
  if (watched === undefined) return [everyContainer];
  return [everyContainer, createManifest('default-http', settings, { ...watched, ...serviceChecks(settings) })];
}

/** Load generators come and go by themselves: their load test says how they fared. */
const everyContainerButGenerators = {
  matchExpressions: [{ key: 'foghorn.dev/loadtest-uid', operator: 'DoesNotExist' }],
};

function createManifest(name: string, settings: DefaultPolicySettings, spec: object): PolicyManifest {
  return {
    apiVersion: 'foghorn.dev/v1alpha1',
    kind: 'MonitorPolicy',
    metadata: { name, namespace: settings.namespace ?? 'default' },
    spec: {
      namespaceSelector: { any: true },
      interval: formatDuration(settings.intervalMs),
      cooldown: formatDuration(settings.cooldownMs),
      ...spec,
    },
  };
}

function containerRules({ cpuThreshold, memoryThreshold }: DefaultPolicySettings): readonly object[] {
  return [
    { name: 'down', severity: 'critical', expr: '!up' },
    restartLoop,
    { name: 'cpu', severity: 'critical', expr: `cpu > ${cpuThreshold}` },
    { name: 'cpu', severity: 'warning', expr: 'cpu > 60', for: '2m' },
    { name: 'memory', severity: 'critical', expr: 'memory > 90' },
    { name: 'memory', severity: 'warning', expr: `memory > ${memoryThreshold}` },
    { name: 'oom', severity: 'critical', expr: 'oomKilled' },
    { name: 'restart', severity: 'info', expr: 'restarted' },
    { name: 'deploy', severity: 'info', expr: 'deployed' },
    { name: 'config', severity: 'info', expr: 'configured' },
  ];
}

/**
 * A container that does run each time, but not for long: one that does not is down. Crashes that all came within two minutes
 * are none: at a first start a service often ends until the one that it needs is there.
 */
const restartLoop = {
  name: 'restart-loop',
  severity: 'critical',
  expr:
    'increaseOver("restarts", "10m") >= 3.0 && increaseOver("restarts", "2m") >= 1.0 && ' +
    'increaseOver("restarts", "10m") > increaseOver("restarts", "4m") && up',
  // longer than such a container runs between two of its ends
  keepFiringFor: '5m',
  message: 'container keeps restarting: {{ increaseOver("restarts", "10m") }} times within 10 minutes',
};

/** By name when CONTAINER_NAME is set; else the Compose service that the address names. */
function watchedService({ containerName, targetUrl, hasDatabase }: DefaultPolicySettings): object | undefined {
  if (targetUrl === undefined && !hasDatabase) return undefined;
  if (containerName !== undefined) {
    return { selector: {}, containerNames: [containerName], expect: [containerName] };
  }
  if (targetUrl === undefined) return undefined;
  return { selector: { matchLabels: { 'com.docker.compose.service': new URL(targetUrl).hostname } } };
}

function serviceChecks({ containerName, targetUrl, hasDatabase }: DefaultPolicySettings): object {
  const http = targetUrl === undefined ? undefined : httpCheck(targetUrl);
  const checks = [
    containerName === undefined ? undefined : missingCheck,
    http,
    hasDatabase ? databaseCheck : undefined,
  ];
  return {
    probes: checks.flatMap((check) => check?.probes ?? []),
    rules: checks.flatMap((check) => check?.rules ?? []),
  };
}

interface Check {
  readonly probes: readonly object[];
  readonly rules: readonly object[];
}

/** The rule `down` of `default` sees only containers that are there. */
const missingCheck: Check = {
  probes: [],
  rules: [{ name: 'missing', severity: 'critical', expr: 'state == "missing" && !up' }],
};

function httpCheck(targetUrl: string): Check {
  return {
    probes: [{ name: 'http', http: { url: healthUrl(targetUrl), timeout: '5s' } }],
    rules: [
      { name: 'http', severity: 'critical', expr: 'probes.http.status >= 500 || !probes.http.up' },
      {
        name: 'latency',
        severity: 'warning',
        expr: 'probes.http.latency > 1',
        message: 'HTTP latency is {{ probes.http.latency }} s (rule: more than 1 s)',
      },
    ],
  };
}

/** The estimate of the statistics: unlike a count it costs nothing, and is 0 while the table is not there yet. */
const recordCount =
  "SELECT coalesce((SELECT sum(n_live_tup) FROM pg_stat_user_tables WHERE relname = 'test_logs'), 0)::float8";

const databaseCheck: Check = {
  probes: [{ name: 'db', postgres: { connectionEnv: DATABASE_ENV, query: recordCount, timeout: '5s' } }],
  rules: [{ name: 'database', severity: 'critical', expr: '!probes.db.up' }],
};

function healthUrl(targetUrl: string): string {
  const url = new URL(targetUrl);
  if (url.pathname === '/') url.pathname = '/health';
  return url.href;
}
