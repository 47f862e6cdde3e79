import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { severities } from '../model/severity.ts';
import type { Snapshot, TargetSnapshot } from '../model/snapshot.ts';

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
  foghorn_probe_latency_seconds: ['Latency of the first HTTP probe.', latency],
} as const;

type Reading = (seen: TargetSnapshot) => number | undefined;

export function createMetricsText(): MetricsText {
  const registry = new Registry();
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
  const mails = new Counter({
    name: 'foghorn_notifications_total',
    help: 'Messages by result.',
    labelNames: ['result'],
    registers: [registry],
  });

  function set(snapshot: Snapshot): void {
    for (const { gauge, read } of readings) {
      gauge.reset();
      for (const seen of snapshot.targets) setTarget(gauge, seen, read(seen));
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
    mails.reset();
    mails.inc({ result: 'sent' }, snapshot.email.sent);
    mails.inc({ result: 'failed' }, snapshot.email.failed);
  }

  return {
    contentType: registry.contentType,
    render: (snapshot) => {
      set(snapshot);
      return registry.metrics();
    },
  };
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
