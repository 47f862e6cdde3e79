import type { FiringAlert, ResolvedAlert } from '../model/alert.ts';
import type { Chart } from '../model/chart.ts';
import type { AlertContext, Notification, NotifiedAlert } from '../model/notification.ts';

/** 2026-01-13 10:30:00 UTC. */
export const builtAt: number = Date.UTC(2026, 0, 13, 10, 30, 0);

/** Values for tests that set only what matters to them. */
export function buildFiringAlert(overrides: Partial<FiringAlert> = {}): FiringAlert {
  const target = overrides.target ?? { id: 'local/webapp', host: 'local', namespace: '', name: 'webapp' };
  const rule = overrides.rule ?? 'cpu';
  return {
    key: `default/webapp|${rule}|${target.id}`,
    policy: 'default/webapp',
    policyUid: 'uid-webapp',
    rule,
    target,
    severity: 'critical',
    message: 'CPU 85.2 % (rule cpu > 80)',
    actions: ['Look at what it is doing: docker top webapp', 'Raise its CPU limit, or add an instance.'],
    values: { cpu: 85.2 },
    levels: [],
    eventLike: false,
    pendingSince: builtAt,
    notified: { count: 0, resolvedTold: false, flaps: 0 },
    state: 'firing',
    firedAt: builtAt,
    ...overrides,
  };
}

export function buildResolvedAlert(overrides: Partial<ResolvedAlert> = {}): ResolvedAlert {
  const { state: _state, ...firing } = buildFiringAlert();
  return {
    ...firing,
    state: 'resolved',
    resolvedAt: builtAt + 12 * 60_000,
    resolvedReason: 'cleared',
    ...overrides,
  };
}

export function buildContext(overrides: Partial<AlertContext> = {}): AlertContext {
  return {
    image: 'webapp:1',
    state: 'running',
    metrics: [
      { label: 'CPU', value: '85.2 %', threshold: '> 80', breached: true },
      { label: 'Memory', value: '52.1 %', threshold: '> 90' },
      { label: 'Latency', value: '0.234 s', threshold: '> 1' },
      { label: 'HTTP', value: '200' },
      { label: 'Restarts', value: '0' },
    ],
    logEntries: [
      '2026-01-13 10:29:30 | CPU: 45.2% | Memory: 52.1% | Latency: 0.234s | Container: webapp',
      '2026-01-13 10:29:30 | Container: UP | HTTP: 200 | Name: webapp | Restarts: 0',
      '2026-01-13 10:30:00 | CPU: 85.2% | Memory: 52.1% | Latency: 0.234s | Container: webapp',
      '2026-01-13 10:30:00 | Container: UP | HTTP: 200 | Name: webapp | Restarts: 0',
    ],
    objectName: 'webapp-cpu-webapp-3f9a1c',
    ...overrides,
  };
}

export function buildNotified(alert: FiringAlert | ResolvedAlert, context: Partial<AlertContext> = {}): NotifiedAlert {
  return { alert, reason: alert.state === 'resolved' ? 'resolved' : 'first', context: buildContext(context) };
}

export function buildNotification(overrides: Partial<Notification> = {}): Notification {
  return {
    id: 'first:cpu',
    reason: 'first',
    policy: 'default/webapp',
    severity: 'critical',
    alerts: [buildNotified(buildFiringAlert())],
    from: 'alerts@example.org',
    to: ['ops@example.org'],
    dueAt: builtAt,
    ...overrides,
  };
}

/** An hour of CPU that passes 80 % five minutes before its end. */
export function buildChart(overrides: Partial<Chart> = {}): Chart {
  const fromMs = builtAt - 3_300_000;
  const points = Array.from({ length: 120 }, (_, index) => ({
    at: fromMs + index * 30_000,
    value: 42 + ((index * 7919) % 11) + (index > 109 ? 40 : 0),
  }));
  return {
    label: 'CPU',
    unit: '%',
    points,
    fromMs,
    toMs: fromMs + 3_600_000,
    threshold: 80,
    firingFrom: builtAt,
    ...overrides,
  };
}
