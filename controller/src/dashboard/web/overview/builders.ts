import type { LiveAlert, LiveRow, LiveState } from '../../answers/live.ts';
import { applyUpdates, type LiveView } from '../live/live-view.ts';

/** A container that is well; tests say what matters to them. */
export function row(changes: Partial<LiveRow> = {}): LiveRow {
  const name = changes.name ?? 'web';
  return {
    id: `local/${name}`,
    name,
    host: 'local',
    namespace: '',
    image: 'nginx:1',
    labels: {},
    state: 'running',
    health: 'none',
    severity: 'ok',
    note: '',
    policies: [],
    alerts: { firing: 0, pending: 0, quiet: 0 },
    http: null,
    database: null,
    restarts: 0,
    startedAt: 0,
    loadtest: null,
    cpuPercent: 1,
    memoryPercent: 1,
    memoryBytes: 1,
    latencySeconds: null,
    seenAt: 0,
    ...changes,
  };
}

export function alert(changes: Partial<LiveAlert> = {}): LiveAlert {
  return {
    key: 'default/web/down/local/web',
    policy: 'default/web',
    rule: 'down',
    severity: 'critical',
    state: 'firing',
    container: 'web',
    host: 'local',
    message: 'web is DOWN',
    since: 0,
    firedAt: 0,
    resolvedAt: null,
    notifications: 0,
    lastNotifiedAt: null,
    rejected: null,
    target: 'local/web',
    silencedBy: null,
    inhibitedBy: null,
    acknowledgedBy: null,
    ...changes,
  };
}

export function state(changes: Partial<LiveState> = {}): LiveState {
  const email = { configured: true, message: '', sent: 0, failed: 0, waiting: 0 };
  return { at: 1, rows: [], hosts: [], alerts: [], policies: [], loadTests: [], problems: [], email, ...changes };
}

export function view(changes: Partial<LiveState> = {}): LiveView {
  const made = applyUpdates(undefined, [{ kind: 'state', data: state(changes) }]);
  if (made === undefined) throw new Error('a state makes a view');
  return made;
}
