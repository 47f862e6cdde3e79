import type { Clock } from '../clock.ts';
import type { ContainerObservation } from '../model/observation.ts';
import type { MetricName, Point } from '../model/metrics.ts';
import type { Snapshot, TargetSnapshot } from '../model/snapshot.ts';
import type { DashboardReader } from './reader.ts';

/** A controller of made-up containers, for tests and benchmarks. */
export interface FakeReader extends DashboardReader {
  /** Puts containers in place of those of the same id, or adds them. */
  put(...targets: readonly TargetSnapshot[]): void;
  remove(id: string): void;
  /** Replaces other sections of the snapshot. */
  set(sections: Partial<Omit<Snapshot, 'targets' | 'at'>>): void;
  /** Takes so many containers, in turn, to other readings. */
  move(count: number): void;
}

const SPARKLINE_POINTS = 60;
const HISTORY_EVERY_MS = 1000;

export function createFakeReader({
  clock,
  containers = 0,
}: {
  readonly clock: Clock;
  readonly containers?: number;
}): FakeReader {
  const targets = new Map(
    Array.from({ length: containers }, (_, index) => fakeTarget(index, clock.now())).map((seen) => [
      seen.observation.target.id,
      seen,
    ]),
  );
  let sections: Omit<Snapshot, 'targets' | 'at'> = {
    hosts: [
      {
        host: 'local',
        runtime: 'docker',
        since: clock.now(),
        reachable: true,
        engineVersion: '28.5.2',
        apiVersion: '1.51',
        source: 'cgroup',
        cpus: 8,
        memoryBytes: 16e9,
      },
    ],
    policies: [],
    alerts: [],
    problems: [],
    email: { configured: true, message: '', sent: 0, failed: 0, waiting: 0 },
    loadTests: [],
  };
  let moved = 0;
  const snapshot = (): Snapshot => ({ at: clock.now(), ...sections, targets: [...targets.values()] });
  return {
    snapshot,
    overview: snapshot,
    sparklines: (id) => targets.get(id)?.sparklines ?? {},
    bounds: () => [{ metric: 'cpu', value: 80, breach: 'above', severity: 'critical', rule: 'cpu-high' }],
    lookedAt: () => clock.now(),
    conditions: () => [],
    recentLines: () => [],
    history: async () => ({ resolutionMs: 1000, points: [] }),
    ready: () => ({ ready: true }),
    firstContainer: undefined,
    put: (...seen) => {
      for (const one of seen) targets.set(one.observation.target.id, one);
    },
    remove: (id) => {
      targets.delete(id);
    },
    set: (changed) => {
      sections = { ...sections, ...changed };
    },
    move: (count) => {
      const ids = [...targets.keys()];
      for (let index = 0; index < count && ids.length > 0; index += 1) {
        const id = ids[(moved + index) % ids.length] ?? '';
        const seen = targets.get(id);
        if (seen !== undefined) targets.set(id, movedOn(seen, moved + index, clock.now()));
      }
      moved += count;
    },
  };
}

/** Container `index` of a host where every tenth is in a group of its own. */
export function fakeTarget(index: number, now: number, changes: Partial<ContainerObservation> = {}): TargetSnapshot {
  const name = `service-${String(index).padStart(4, '0')}`;
  const namespace = `project-${Math.floor(index / 10)}`;
  const observation: ContainerObservation = {
    kind: 'observed',
    target: {
      id: `local/${namespace}/${name}/1`,
      instance: `instance-${index}`,
      host: 'local',
      name,
      namespace,
      labels: { tier: index % 3 === 0 ? 'web' : 'worker', 'com.docker.compose.project': namespace },
      image: `registry.example.org/team/${name}:1.${index}`,
      limits: { memoryBytes: 512e6 },
    },
    at: now,
    state: 'running',
    health: 'healthy',
    restarts: 0,
    startedAt: now - 3_600_000,
    resources: readings(index),
    probes: {},
    changes: [],
    ...changes,
  };
  return { observation, policies: ['default/containers'], sparklines: sparklines(index, now) };
}

function movedOn(seen: TargetSnapshot, seed: number, now: number): TargetSnapshot {
  if (seen.observation.kind !== 'observed') return seen;
  const observation = { ...seen.observation, at: now, resources: readings(seed * 7) };
  const next = Object.entries(seen.sparklines).map(([metric, points]) => [
    metric,
    [...points.slice(1), { at: now, value: (seed * 13) % 100 }],
  ]);
  return { ...seen, observation, sparklines: Object.fromEntries(next) };
}

function readings(seed: number): ContainerObservation['resources'] {
  return {
    cpuPercent: (seed * 37.31) % 100,
    memoryPercent: (seed * 17.77) % 100,
    memoryBytes: (seed * 1_234_567) % 512e6,
  };
}

function sparklines(seed: number, now: number): TargetSnapshot['sparklines'] {
  const line = (step: number): readonly Point[] =>
    Array.from({ length: SPARKLINE_POINTS }, (_, index) => ({
      at: now - (SPARKLINE_POINTS - index) * HISTORY_EVERY_MS,
      value: ((seed + index) * step) % 100,
    }));
  const metrics: readonly (readonly [MetricName, number])[] = [
    ['cpu', 3.3],
    ['memory', 1.7],
  ];
  return Object.fromEntries(metrics.map(([metric, step]) => [metric, line(step)]));
}
