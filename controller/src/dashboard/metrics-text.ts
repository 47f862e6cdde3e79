import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { LoadTestSnapshot } from '../model/load-test.ts';
import { severities } from '../model/severity.ts';
import type { EmailSnapshot, Snapshot, TargetSnapshot } from '../model/snapshot.ts';

/** Prometheus text of the present snapshot; labels are escaped by the library. */
export interface MetricsText {
  readonly contentType: string;
  render(snapshot: Snapshot): Promise<string>;
}

const targetLabels = ['host', 'namespace', 'container'] as const;
const targetGauges = {
  foghorn_container_up: ['1 when the container is running.', up],
  foghorn_container_cpu_percent: ['CPU in percent of what the container may use.', resource('cpuPercent')],
  foghorn_container_cpu_cores: ['CPUs in use.', resource('cpuCores')],
  foghorn_container_memory_percent: ['Memory in percent of the limit.', resource('memoryPercent')],
  foghorn_container_memory_bytes: ['Working set.', resource('memoryBytes')],
  foghorn_container_restarts: ['Restarts by the restart policy.', restarts],
  foghorn_container_load_rate: ['Requests a second of the load tests that drive the container.', loadRate],
  foghorn_probe_latency_seconds: ['Latency of the first HTTP probe.', latency],
} as const;

/** Of more, a scrape would hold up the controller for seconds, and be larger than Prometheus takes. */
const MAX_CONTAINERS = 20_000;

type Reading = (seen: TargetSnapshot) => number | undefined;

/** Of a replica that watches nothing itself: its process, and what the instruments of this registry have gathered. */
export function createProcessText(
  registry: Registry,
): Pick<MetricsText, 'contentType'> & { render(): Promise<string> } {
  collectDefaultMetrics({ register: registry, prefix: 'foghorn_controller_' });
  return { contentType: registry.contentType, render: () => registry.metrics() };
}

/** Also what the instruments of this registry have gathered. */
export function createMetricsText(registry: Registry = new Registry()): MetricsText {
  collectDefaultMetrics({ register: registry, prefix: 'foghorn_controller_' });
  const readings = Object.entries(targetGauges).map(([name, [help, read]]) => ({
    gauge: new Gauge({ name, help, labelNames: targetLabels, registers: [registry] }),
    read,
  }));
  const hosts = new Gauge({
    name: 'foghorn_host_reachable',
    help: '1 when the engine answers.',
    labelNames: ['host', 'runtime'],
    registers: [registry],
  });
  const alerts = new Gauge({
    name: 'foghorn_alerts',
    help: 'Alerts.',
    labelNames: ['state', 'severity'],
    registers: [registry],
  });
  const problems = new Gauge({
    name: 'foghorn_problems',
    help: 'Troubles of the controller itself.',
    registers: [registry],
  });
  const email = createEmailGauges(registry);
  const loadTests = createLoadTestGauges(registry);

  const leftOut = new Gauge({
    name: 'foghorn_container_metrics_left_out',
    help: 'Containers that have no metrics here, for they are too many.',
    registers: [registry],
  });

  function set(snapshot: Snapshot): void {
    const targets = snapshot.targets.length > MAX_CONTAINERS ? [] : snapshot.targets;
    leftOut.set(snapshot.targets.length - targets.length);
    for (const { gauge, read } of readings) {
      gauge.reset();
      for (const seen of targets) setTarget(gauge, seen, read(seen));
    }
    hosts.reset();
    for (const host of snapshot.hosts) hosts.set({ host: host.host, runtime: host.runtime }, host.reachable ? 1 : 0);
    for (const state of ['pending', 'firing', 'resolved']) {
      for (const severity of severities) {
        alerts.set(
          { state, severity },
          snapshot.alerts.filter((alert) => alert.state === state && alert.severity === severity).length,
        );
      }
    }
    problems.set(snapshot.problems.length);
    email(snapshot.email);
    loadTests(snapshot.loadTests ?? []);
  }

  return {
    contentType: registry.contentType,
    render: (snapshot) => {
      set(snapshot);
      return registry.metrics();
    },
  };
}

/** Mails that wait, and what the budget allows; without a limit there is no gauge of it. */
function createEmailGauges(registry: Registry): (email: EmailSnapshot) => void {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const waiting = gauge('foghorn_outbox_waiting', 'Messages to a recipient that wait or are being sent.');
  const perDay = gauge('foghorn_mail_budget_per_day', "Recipients' mails that may go out in 24 hours.");
  const perSecond = gauge('foghorn_mail_budget_per_second', 'Mails that may go out in a second.');
  const spent = gauge('foghorn_mail_budget_spent', "Recipients' mails that went out in the last 24 hours.");
  const held = gauge('foghorn_notifications_held_back', 'Messages about alerts that the budget holds back now.');
  const heldTotal = new Counter({
    name: 'foghorn_notifications_held_back_total',
    help: 'Messages about alerts that the budget held back.',
    registers: [registry],
  });
  return (email) => {
    waiting.set(email.waiting);
    const { budget } = email;
    if (budget === undefined) return;
    if (budget.perDay === undefined) perDay.remove();
    else perDay.set(budget.perDay);
    perSecond.set(budget.perSecond);
    spent.set(budget.spent);
    held.set(budget.held);
    heldTotal.reset();
    heldTotal.inc(budget.heldTotal);
  };
}

const loadTestGauges: Readonly<Record<string, readonly [string, (test: LoadTestSnapshot) => number | undefined]>> = {
  foghorn_loadtest_running: ['1 while the load is on.', ({ running }) => (running ? 1 : 0)],
  foghorn_loadtest_rate: ['Requests a second.', ({ summary }) => summary?.rate],
  foghorn_loadtest_requests: ['Requests of the present run.', ({ summary }) => summary?.requests],
  foghorn_loadtest_errors: ['Requests of the present run that failed.', ({ summary }) => summary?.errors],
  foghorn_loadtest_latency_p95_seconds: [
    '95th percentile from when requests were due.',
    (test) => test.summary?.latency?.p95,
  ],
};

function createLoadTestGauges(registry: Registry): (tests: readonly LoadTestSnapshot[]) => void {
  const gauges = Object.entries(loadTestGauges).map(([name, [help, read]]) => ({
    gauge: new Gauge({ name, help, labelNames: ['namespace', 'name'], registers: [registry] }),
    read,
  }));
  return (tests) => {
    for (const { gauge, read } of gauges) {
      gauge.reset();
      for (const test of tests) {
        const value = read(test);
        if (value !== undefined) gauge.set({ namespace: test.namespace, name: test.name }, value);
      }
    }
  };
}

function loadRate({ loadtest }: TargetSnapshot): number | undefined {
  return loadtest?.rate;
}

function setTarget(gauge: Gauge<(typeof targetLabels)[number]>, seen: TargetSnapshot, value: number | undefined): void {
  if (value === undefined) return;
  const { host, namespace, name } = seen.observation.target;
  gauge.set({ host, namespace, container: name }, value);
}

function up({ observation }: TargetSnapshot): number | undefined {
  if (observation.kind === 'unreachable') return undefined;
  return observation.state === 'running' ? 1 : 0;
}

function restarts({ observation }: TargetSnapshot): number | undefined {
  return observation.kind === 'observed' ? observation.restarts : undefined;
}

function latency({ observation }: TargetSnapshot): number | undefined {
  const http = Object.values(observation.probes).find(({ protocol }) => protocol === 'http');
  return http?.latencyMs === undefined ? undefined : http.latencyMs / 1000;
}

function resource(name: 'cpuPercent' | 'cpuCores' | 'memoryPercent' | 'memoryBytes'): Reading {
  return ({ observation }) => (observation.kind === 'observed' ? observation.resources[name] : undefined);
}
