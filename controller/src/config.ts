import { join } from 'node:path';
import { parseDashboard, type DashboardConfig } from './dashboard-config.ts';
import { FoghornError } from './errors.ts';
import type { NodeSource } from './model/host.ts';
import { parseWebhookUrl, type WebhookUrl } from './model/webhook.ts';
import { parseReplica, type ReplicaConfig } from './replica-config.ts';
import type { SettingName } from './settings.ts';
import { createSettingsReader, type SettingsEnv, type SettingsReader } from './settings-reader.ts';

/** The controller's settings, parsed and checked once at start. */
export interface Config {
  readonly runtime: 'docker' | 'process' | 'kubelet';
  readonly dockerHosts: readonly DockerHost[];
  readonly statsSource: 'auto' | 'cgroup' | 'engine-api';
  readonly hostCgroupDir: string;
  readonly hostProcDir: string;
  readonly processTargets: readonly ProcessTarget[];
  readonly dashboard: DashboardConfig;
  /** The cluster that is watched, and where declarations live; absent: our own API, on this host. */
  readonly cluster?: ClusterConfig | undefined;
  /** One of several replicas, of which one leads; absent: the only one. */
  readonly replica?: ReplicaConfig | undefined;
  /** The Kubernetes API over HTTPS; absent: off. */
  readonly api?: ApiConfig | undefined;
  readonly logDir: string;
  readonly logMaxBytes: number;
  readonly logKeepFiles: number;
  readonly dataDir: string;
  /** Postgres that has the history; absent: a file in `dataDir`. Holds a password. */
  readonly databaseUrl?: string | undefined;
  readonly policyDir: string;
  readonly defaults: PolicyDefaults;
  readonly email: EmailConfig;
  readonly webhooks: WebhookConfig;
  /** Called once a minute while all is well; absent: off. */
  readonly heartbeatUrl?: string | undefined;
  /** Whether the API shows hosts and containers as nodes and pods. */
  readonly dockerView: boolean;
  readonly alertRetentionMs: number;
  readonly loadTests: LoadTestConfig;
  readonly logLevel: string;
  /** Environment for probes that name a variable (`connectionEnv`). */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface DockerHost {
  readonly name: string;
  /** `unix:///var/run/docker.sock`, `tcp://host:2376`, `ssh://user@host`. */
  readonly url: string;
}

export interface ProcessTarget {
  readonly name: string;
  readonly pidFile: string;
}

/** What the default policy is made of; the environment of the original system. */
export interface PolicyDefaults {
  readonly enabled: boolean;
  readonly cpuThreshold: number;
  readonly memoryThreshold: number;
  readonly cooldownMs: number;
  readonly intervalMs: number;
  readonly containerName?: string | undefined;
  readonly targetUrl?: string | undefined;
  /** Connection string made of DB_*; absent when DB_HOST is not set. */
  readonly databaseUrl?: string | undefined;
}

export interface ClusterConfig {
  /** First part of the ids of its containers. */
  readonly name: string;
  /** A file, or `in-cluster`. */
  readonly kubeconfig: string;
  /** The only one that is watched; absent: all. */
  readonly namespace?: string | undefined;
  /** Where the controller keeps what is about itself. */
  readonly ownNamespace: string;
  /** Authorities of the kubelets' certificates; absent: the cluster's. */
  readonly kubeletAuthorityFile?: string | undefined;
  readonly isKubeletUnverified: boolean;
  /** What may be asked for readings, the best that answers is taken. */
  readonly nodeSources: readonly NodeSource[];
}

export interface ApiConfig {
  readonly host: string;
  readonly port: number;
  /** As clients reach it. */
  readonly url: string;
  readonly kubeconfigFile: string;
}

export interface LoadTestConfig {
  readonly launcher: 'auto' | 'docker' | 'process' | 'job' | 'off';
  readonly image: string;
  /** `known`, `loopback`, host names with `*` for any text. */
  readonly allowedHosts: readonly string[];
}

/** Web addresses that are told. */
export interface WebhookConfig {
  readonly urls: readonly WebhookUrl[];
  /** Key with which calls to those are signed. */
  readonly secret?: string | undefined;
  /** Alertmanager that is kept informed of all that fires. */
  readonly alertmanagerUrl?: string | undefined;
}

export interface EmailConfig {
  readonly sender?: string | undefined;
  readonly recipients: readonly string[];
  readonly region: string;
  /** Recipients' mails in 24 hours; absent: what SES allows. */
  readonly budgetPerDay?: number | undefined;
  /** Absent: what SES allows. */
  readonly ratePerSecond?: number | undefined;
  /** When the daily mail goes, minutes after midnight; absent: off. */
  readonly dailyMailAt?: number | undefined;
}

/** Reads every setting, or throws one error that names all that are wrong. */
export function loadConfig(env: SettingsEnv): Config {
  const wrong: string[] = [];
  const read = createSettingsReader(env, wrong);
  const config = buildConfig(read, env);
  if (wrong.length > 0) throw new FoghornError('InvalidConfig', `settings are wrong:\n  ${wrong.join('\n  ')}`);
  return config;
}

function buildConfig(read: SettingsReader, env: SettingsEnv): Config {
  return {
    runtime: read.choice('RUNTIME', ['docker', 'process', 'kubelet']),
    cluster: parseCluster(read),
    replica: parseReplica(read),
    dockerHosts: parseDockerHosts(read),
    statsSource: read.choice('STATS_SOURCE', ['auto', 'cgroup', 'engine-api']),
    hostCgroupDir: read.text('HOST_CGROUP_DIR'),
    hostProcDir: read.text('HOST_PROC_DIR'),
    processTargets: parseProcessTargets(read),
    dashboard: parseDashboard(read),
    api: parseApi(read),
    logDir: read.text('LOG_DIR'),
    logMaxBytes: read.integer('LOG_MAX_BYTES', 10_000, 10_000_000_000),
    logKeepFiles: read.integer('LOG_KEEP_FILES', 1, 1000),
    dataDir: read.text('DATA_DIR'),
    databaseUrl: read.postgresUrl('DATABASE_URL'),
    policyDir: read.text('POLICY_DIR'),
    defaults: parseDefaults(read),
    email: {
      sender: read.optional('SENDER_EMAIL'),
      recipients: read.list('RECIPIENT_EMAILS'),
      region: read.text('AWS_REGION'),
      budgetPerDay: read.optionalInteger('EMAIL_BUDGET_PER_DAY', 1, 10_000_000),
      ratePerSecond: read.optionalInteger('EMAIL_RATE_PER_SECOND', 1, 10_000),
      dailyMailAt: read.timeOfDay('DAILY_MAIL'),
    },
    webhooks: parseWebhooks(read),
    dockerView: read.choice('DOCKER_VIEW', ['true', 'false']) === 'true',
    heartbeatUrl: read.httpUrl('HEARTBEAT_URL'),
    alertRetentionMs: read.integer('ALERT_RETENTION_HOURS', 1, 8760) * 3_600_000,
    loadTests: {
      launcher: read.choice('LOADTEST_LAUNCHER', ['auto', 'docker', 'process', 'job', 'off']),
      image: read.text('LOADTEST_IMAGE'),
      allowedHosts: read.list('LOADTEST_ALLOWED_HOSTS'),
    },
    logLevel: read.choice('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'silent']),
    env,
  };
}

const nodeSourcesOf: Readonly<Record<'auto' | 'kubelet' | 'metrics-api', readonly NodeSource[]>> = {
  auto: ['kubelet', 'kubelet-metrics', 'metrics-api'],
  kubelet: ['kubelet', 'kubelet-metrics'],
  'metrics-api': ['metrics-api'],
};

function parseCluster(read: SettingsReader): ClusterConfig | undefined {
  if (read.text('RUNTIME') !== 'kubelet') return undefined;
  return {
    name: read.text('CLUSTER_NAME'),
    kubeconfig: read.text('CLUSTER_KUBECONFIG'),
    namespace: read.optional('CLUSTER_NAMESPACE'),
    ownNamespace: read.text('POD_NAMESPACE'),
    kubeletAuthorityFile: read.optional('KUBELET_CA_FILE'),
    isKubeletUnverified: read.choice('KUBELET_INSECURE_TLS', ['true', 'false']) === 'true',
    nodeSources: nodeSourcesOf[read.choice('KUBELET_SOURCES', ['auto', 'kubelet', 'metrics-api'])],
  };
}

function parseApi(read: SettingsReader): ApiConfig | undefined {
  if (read.text('API_PORT') === 'off') return undefined;
  const port = read.integer('API_PORT', 1, 65_535);
  return {
    host: read.text('API_HOST'),
    port,
    url: read.httpsUrl('API_URL') ?? `https://localhost:${port}`,
    kubeconfigFile: read.optional('KUBECONFIG_FILE') ?? join(read.text('DATA_DIR'), 'kubeconfig'),
  };
}

function parseDefaults(read: SettingsReader): PolicyDefaults {
  return {
    enabled: read.choice('DEFAULT_POLICY', ['true', 'false']) === 'true',
    cpuThreshold: read.integer('CPU_THRESHOLD', 1, 100),
    memoryThreshold: read.integer('MEMORY_THRESHOLD', 1, 100),
    cooldownMs: read.integer('ALERT_COOLDOWN', 1, 604_800) * 1000,
    intervalMs: read.integer('CHECK_INTERVAL', 1, 86_400) * 1000,
    containerName: read.optional('CONTAINER_NAME'),
    targetUrl: read.httpUrl('TARGET_URL'),
    databaseUrl: probedDatabaseUrl(read),
  };
}

function probedDatabaseUrl(read: SettingsReader): string | undefined {
  const host = read.optional('DB_HOST');
  if (host === undefined) return undefined;
  const user = encodeURIComponent(read.text('DB_USER'));
  const password = encodeURIComponent(read.text('DB_PASSWORD'));
  return `postgres://${user}:${password}@${host}:${read.integer('DB_PORT', 1, 65_535)}/${encodeURIComponent(read.text('DB_NAME'))}`;
}

/** `DOCKER_HOSTS=local=unix:///var/run/docker.sock,web-1=ssh://ops@web-1`; without it DOCKER_HOST, else the usual socket. */
function parseDockerHosts(read: SettingsReader): readonly DockerHost[] {
  const entries = read.list('DOCKER_HOSTS');
  if (entries.length === 0) {
    const name = read.text('HOST_NAME');
    checkNames(read, 'HOST_NAME', [name]);
    return [{ name, url: read.text('DOCKER_HOST') }];
  }
  const hosts = entries.map((entry) => {
    const [name, url] = splitPair(entry);
    if (url === undefined || !/^(unix|tcp|http|https|ssh):\/\//.test(url)) {
      read.wrong(`DOCKER_HOSTS: "${entry}" is not NAME=unix://, tcp:// or ssh:// address`);
    }
    return { name, url: url ?? '' };
  });
  const names = hosts.map(({ name }) => name);
  checkNames(read, 'DOCKER_HOSTS', names);
  return hosts;
}

/** They are parts of the ids of containers: two of the same name would be one. */
function checkNames(read: SettingsReader, setting: SettingName, names: readonly string[]): void {
  for (const name of new Set(names)) {
    if (!/^[^\s/\p{C}]+$/u.test(name))
      read.wrong(`${setting}: "${name}" is no name: it is empty, or has a / or a space`);
    if (names.filter((other) => other === name).length > 1) read.wrong(`${setting}: "${name}" is named twice`);
  }
}

/** `WEBHOOK_URLS=https://hooks.example.org/alerts,slack=https://hooks.slack.com/services/...`. */
function parseWebhooks(read: SettingsReader): WebhookConfig {
  const urls = read.list('WEBHOOK_URLS').map((entry, index) => {
    const parsed = parseWebhookUrl(entry);
    // The address may be a secret: it is not repeated.
    if (parsed === undefined)
      read.wrong(`WEBHOOK_URLS: entry ${index + 1} is not http(s)://... or slack=http(s)://...`);
    return parsed ?? { format: 'alertmanager' as const, url: '' };
  });
  return { urls, secret: read.optional('WEBHOOK_SECRET'), alertmanagerUrl: read.httpUrl('ALERTMANAGER_URL') };
}

/** `PROCESS_TARGETS=webapp=data/run/webapp.pid,db=data/run/db.pid`. */
function parseProcessTargets(read: SettingsReader): readonly ProcessTarget[] {
  const targets = read.list('PROCESS_TARGETS').map((entry) => {
    const [name, pidFile] = splitPair(entry);
    if (pidFile === undefined || pidFile === '') read.wrong(`PROCESS_TARGETS: "${entry}" is not NAME=PIDFILE`);
    return { name, pidFile: pidFile ?? '' };
  });
  const names = targets.map(({ name }) => name);
  checkNames(read, 'PROCESS_TARGETS', names);
  return targets;
}

function splitPair(entry: string): [string, string | undefined] {
  const at = entry.indexOf('=');
  return at < 0 ? [entry, undefined] : [entry.slice(0, at), entry.slice(at + 1)];
}
