/** Every environment setting of the controller; docs/settings.md is checked against it. */
export const settings = {
  RUNTIME: {
    default: 'docker',
    help: 'Where containers live: docker, process (processes of this machine, by pid file) or kubelet (a cluster, where the declarations are then, too).',
  },
  CLUSTER_NAME: { default: 'cluster', help: 'For RUNTIME=kubelet: first part of the ids of its containers.' },
  CLUSTER_KUBECONFIG: {
    default: 'in-cluster',
    help: 'For RUNTIME=kubelet: a kubeconfig file, or in-cluster (the service account of the pod).',
  },
  CLUSTER_NAMESPACE: {
    default: '',
    help: 'For RUNTIME=kubelet: the only namespace that is watched, and that has the built-in policies. Default: all of them, and default.',
  },
  POD_NAMESPACE: {
    default: 'default',
    help: "For RUNTIME=kubelet: namespace of the controller's own object, in which it counts mails.",
  },
  LEADER_ELECTION: {
    default: 'false',
    help: 'For RUNTIME=kubelet: true when several replicas run. One of them leads and acts; another takes over when it is lost.',
  },
  LEASE_NAME: { default: 'foghorn-controller', help: 'Lease in POD_NAMESPACE by which replicas elect their leader.' },
  POD_NAME: {
    default: '',
    help: 'Name of this replica in the Lease. Default: the name of its host, which is that of its pod.',
  },
  POD_IP: { default: '', help: 'Address at which the other replicas reach this one.' },
  REPLICA_URL: { default: '', help: 'The same as a whole address. Default http://POD_IP:PORT.' },
  REPLICA_KEY: {
    default: '',
    help: 'Secret that replicas share, of at least 24 characters. Needed without DASHBOARD_PASSWORDS, of which their keys are made else.',
  },
  SHARDS: {
    default: '1',
    help: 'Among how many replicas the nodes are shared, 1 to 8: each asks the kubelets of its share. 1: the leader asks all.',
  },
  KUBELET_CA_FILE: {
    default: '',
    help: "Authorities that sign the kubelets' serving certificates (PEM). Default: the cluster's.",
  },
  KUBELET_SOURCES: {
    default: 'auto',
    help: "For RUNTIME=kubelet: where readings come from. auto: each node's kubelet (/stats/summary, else /metrics/resource), else metrics.k8s.io. kubelet: never metrics.k8s.io. metrics-api: nothing else.",
  },
  KUBELET_INSECURE_TLS: {
    default: 'false',
    help: 'true: kubelets are not verified; whoever sits between can read the token of the service account.',
  },
  DOCKER_HOST: { default: 'unix:///var/run/docker.sock', help: 'Docker engine to watch when DOCKER_HOSTS is not set.' },
  DOCKER_HOSTS: {
    default: '',
    help: 'Several engines: NAME=unix:///path, NAME=tcp://host:2376 (TLS; on another port https://host:port), NAME=ssh://user@host, comma-separated.',
  },
  HOST_NAME: { default: 'local', help: 'Name of the single host in alerts and on the page.' },
  STATS_SOURCE: { default: 'auto', help: 'auto, cgroup (read the kernel files, cheapest) or engine-api.' },
  HOST_CGROUP_DIR: { default: '/sys/fs/cgroup', help: 'Where the cgroup files of the host are mounted.' },
  HOST_PROC_DIR: { default: '/proc', help: 'Where /proc of the host is mounted.' },
  PROCESS_TARGETS: { default: '', help: 'For RUNTIME=process: NAME=PIDFILE, comma-separated.' },
  HOST: { default: '127.0.0.1', help: 'Address the dashboard listens on.' },
  PORT: { default: '8001', help: 'Port of the dashboard.' },
  DASHBOARD_URL: { default: '', help: 'How people reach the dashboard; used in mails. Default http://localhost:PORT.' },
  BIND_ADDRESS: {
    default: '',
    help: 'Address of the host on which a container publishes the dashboard; it says whether others reach it. Default HOST.',
  },
  DASHBOARD_PASSWORDS: {
    default: '',
    help: 'Who may sign in: operate=HASH, view=HASH, comma-separated, made by `npm run foghorn -- hash-password`. Needed beyond loopback.',
  },
  DASHBOARD_TOKENS: {
    default: '',
    help: 'Bearer tokens for scripts: operate=TOKEN, view=sha256:HEX, comma-separated, made by hash-password --token.',
  },
  DASHBOARD_ACCESS_FILE: {
    default: '',
    help: 'File with more of both, one a line: operate=scrypt:..., view=sha256:....',
  },
  DASHBOARD_TRUSTED_PROXIES: {
    default: '',
    help: 'Reverse proxies (addresses, networks such as 172.16.0.0/12) whose X-Forwarded-* headers are believed.',
  },
  DASHBOARD_USER_HEADER: {
    default: '',
    help: 'Header in which those proxies name the user, such as Remote-User; then they sign people in.',
  },
  DASHBOARD_OPERATORS: {
    default: '',
    help: 'Users of the proxy who may operate, comma-separated, or *; the others may view.',
  },
  STATUS_PAGE: {
    default: '',
    help: 'Containers on the public status page: globs of their names, comma-separated. Default: no such page.',
  },
  STATUS_PAGE_TITLE: { default: 'Status', help: 'Its title.' },
  API_HOST: { default: '127.0.0.1', help: 'Address the Kubernetes API for kubectl listens on.' },
  API_PORT: { default: '6444', help: 'Its port, or off.' },
  API_URL: { default: '', help: 'Its address in the kubeconfig. Default https://localhost:API_PORT.' },
  KUBECONFIG_FILE: { default: '', help: 'Where its kubeconfig is written. Default DATA_DIR/kubeconfig.' },
  LOG_DIR: { default: './logs', help: 'Folder of metrics.log, status.log and report.log.' },
  LOG_MAX_BYTES: { default: '10000000', help: 'Size at which one of those files is rotated.' },
  LOG_KEEP_FILES: { default: '5', help: 'Rotated files kept of each.' },
  DATA_DIR: { default: './data', help: 'Folder of the object store and the history.' },
  DATABASE_URL: {
    default: '',
    help: 'Postgres that keeps the history instead of a file in DATA_DIR, as replicas need it: postgres://user:password@host:5432/database.',
  },
  POLICY_DIR: { default: './policies', help: 'Folder of YAML files that are applied at start and on change.' },
  DEFAULT_POLICY: { default: 'true', help: 'Whether the built-in policy (severity table of the README) is in force.' },
  CPU_THRESHOLD: { default: '80', help: 'Critical CPU of the default policy, percent of what the container may use.' },
  MEMORY_THRESHOLD: { default: '60', help: 'Warning memory of the default policy, percent of the limit.' },
  ALERT_COOLDOWN: { default: '300', help: 'Seconds between two mails about the same alert.' },
  CHECK_INTERVAL: { default: '30', help: 'Seconds between two checks of the default policy.' },
  CONTAINER_NAME: {
    default: '',
    help: 'Container that TARGET_URL and DB_* belong to; it must exist. First in /api/metrics.',
  },
  TARGET_URL: { default: '', help: 'Address that the default policy probes; /health is asked when it has no path.' },
  DB_HOST: { default: '', help: 'Database that the default policy probes.' },
  DB_PORT: { default: '5432', help: 'Its port.' },
  DB_NAME: { default: 'monitoring_db', help: 'Its name.' },
  DB_USER: { default: 'postgres', help: 'Its user.' },
  DB_PASSWORD: { default: 'postgres', help: 'Its password.' },
  SENDER_EMAIL: { default: '', help: 'Sender of the mails, verified in SES.' },
  RECIPIENT_EMAILS: { default: '', help: 'Recipients, comma-separated.' },
  AWS_REGION: { default: 'us-east-1', help: 'Region of SES. Credentials: the usual AWS variables and files.' },
  DOCKER_VIEW: {
    default: 'true',
    help: 'Whether the API shows hosts and containers as nodes and pods, to be read with kubectl.',
  },
  EMAIL_BUDGET_PER_DAY: {
    default: '',
    help: "Recipients' mails in 24 hours; from 80 % on info and reminders wait for a digest. Default: the quota of SES, else 200.",
  },
  EMAIL_RATE_PER_SECOND: { default: '', help: 'Mails in a second. Default: the rate of SES, else 1.' },
  DAILY_MAIL: { default: '', help: 'Time (HH:MM) of a daily mail "still watching". Default: none.' },
  HEARTBEAT_URL: {
    default: '',
    help: "Called by GET once a minute while all is well: a dead man's switch elsewhere raises the alarm when it stays away.",
  },
  WEBHOOK_URLS: {
    default: '',
    help: "Web addresses that are told besides the mail, comma-separated: URL (gets the body of Alertmanager's webhooks) or slack=URL.",
  },
  WEBHOOK_SECRET: { default: '', help: 'Key with which those calls are signed (HMAC-SHA256); none: unsigned.' },
  ALERTMANAGER_URL: { default: '', help: 'Alertmanager that is kept informed of all that fires (by /api/v2/alerts).' },
  ALERT_RETENTION_HOURS: { default: '24', help: 'How long a resolved alert is kept.' },
  LOADTEST_LAUNCHER: {
    default: 'auto',
    help: 'Where load tests run: docker (containers), process (this machine), job (a cluster), off, or auto: as RUNTIME (job for kubelet).',
  },
  LOADTEST_IMAGE: { default: 'foghorn-loadgen', help: 'Image of the load generator.' },
  LOADTEST_ALLOWED_HOSTS: {
    default: 'known,loopback',
    help: 'Hosts that load tests may drive: known (containers and services), loopback, names, *.example.com.',
  },
  LOG_LEVEL: { default: 'info', help: 'trace, debug, info, warn, error or silent.' },
} as const;

export type SettingName = keyof typeof settings;
