import type { AlertEpisode } from './episode.ts';
import type { ContainerObservation } from './observation.ts';
import type { Policy } from './policy.ts';
import type { Target } from './target.ts';

/** Values for tests that set only what matters to them. */
export function buildTarget(overrides: Partial<Target> = {}): Target {
  const name = overrides.name ?? 'web';
  return {
    id: `local/${name}`,
    instance: `${name}-1`,
    host: 'local',
    name,
    namespace: '',
    labels: {},
    image: 'web:1',
    limits: {},
    ...overrides,
  };
}

export function buildObservation(overrides: Partial<ContainerObservation> = {}): ContainerObservation {
  return {
    kind: 'observed',
    at: 0,
    target: buildTarget(),
    state: 'running',
    health: 'none',
    restarts: 0,
    resources: {},
    changes: [],
    probes: {},
    ...overrides,
  };
}

export function buildPolicy(overrides: Partial<Policy> = {}): Policy {
  const name = overrides.name ?? 'web';
  return {
    key: `default/${name}`,
    uid: `uid-${name}`,
    namespace: 'default',
    name,
    generation: 1,
    selector: { matchLabels: {}, matchExpressions: [] },
    containerNames: [],
    expect: [],
    intervalMs: 30_000,
    stopGraceMs: 15_000,
    probes: [],
    rules: [],
    cooldownMs: 300_000,
    notify: { minSeverity: 'info', sendResolved: true, groupWaitMs: 0, groupIntervalMs: 0 },
    watchHosts: true,
    suspend: false,
    ...overrides,
  };
}

export function buildEpisode(overrides: Partial<AlertEpisode> = {}): AlertEpisode {
  return {
    id: 'default/web|down|local/web@1',
    key: 'default/web|down|local/web',
    policy: 'default/web',
    rule: 'down',
    target: { id: 'local/web', host: 'local', namespace: '', name: 'web' },
    severity: 'critical',
    message: 'web is down',
    values: {},
    pendingSince: 1,
    firedAt: 1,
    notifications: 0,
    moments: [],
    ...overrides,
  };
}
