import type { HistoryAnswer, HistoryQuery } from '../../controller/src/dashboard/reader.ts';
import { fakeTarget } from '../../controller/src/dashboard/fake-reader.ts';
import type { FiringAlert } from '../../controller/src/model/alert.ts';
import type { ContainerObservation } from '../../controller/src/model/observation.ts';
import type { Severity } from '../../controller/src/model/severity.ts';
import type { TargetSnapshot } from '../../controller/src/model/snapshot.ts';
import { firing, type Simulated } from './simulated.ts';

interface Pictured {
  readonly project: string;
  readonly name: string;
  readonly image: string;
  readonly cpu: number;
  readonly memory: number;
  readonly http?: number;
  readonly alert?: { readonly rule: string; readonly severity: Severity; readonly message: string };
  readonly changes?: Partial<ContainerObservation>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A small shop and what stands beside it, with two troubles. */
const pictured: readonly Pictured[] = [
  { project: 'shop', name: 'shop-web-1', image: 'shop/web:4.2', cpu: 23, memory: 41, http: 0.018 },
  { project: 'shop', name: 'shop-web-2', image: 'shop/web:4.2', cpu: 26, memory: 43, http: 0.021 },
  {
    project: 'shop',
    name: 'shop-worker-1',
    image: 'shop/worker:4.2',
    cpu: 93,
    memory: 58,
    alert: { rule: 'cpu', severity: 'warning', message: 'CPU has been over 80 % of its limit for 5 minutes (93 %)' },
  },
  { project: 'shop', name: 'shop-db-1', image: 'postgres:15', cpu: 12, memory: 71 },
  { project: 'shop', name: 'shop-cache-1', image: 'redis:7', cpu: 3, memory: 18 },
  { project: 'cloud', name: 'cloud-app-1', image: 'nextcloud:30', cpu: 8, memory: 52, http: 0.142 },
  { project: 'cloud', name: 'cloud-db-1', image: 'mariadb:11', cpu: 4, memory: 37 },
  { project: 'cloud', name: 'cloud-cron-1', image: 'nextcloud:30', cpu: 1, memory: 12 },
  {
    project: 'media',
    name: 'media-transcoder-1',
    image: 'media/transcoder:2.0',
    cpu: 0,
    memory: 0,
    alert: {
      rule: 'down',
      severity: 'critical',
      message: 'container is DOWN: killed for lack of memory (exit code 137)',
    },
    changes: { state: 'exited', health: 'none', restarts: 4, resources: {}, note: 'exit code 137' },
  },
  { project: 'media', name: 'media-server-1', image: 'jellyfin:10', cpu: 31, memory: 64, http: 0.034 },
  { project: '', name: 'traefik', image: 'traefik:3', cpu: 5, memory: 9, http: 0.004 },
  { project: '', name: 'foghorn', image: 'foghorn-controller', cpu: 1, memory: 22, http: 0.003 },
];

/** Puts them into the place of the made-up ones. */
export function putPictured(simulated: Simulated): void {
  const now = Date.now();
  simulated.reader.put(...pictured.map((one, index) => targetOf(one, index, now)));
  simulated.setAlerts(pictured.flatMap((one, index) => alertOf(one, index, now)));
  simulated.reader.set({ email: { configured: true, message: 'ses', sent: 3, failed: 0, waiting: 0 } });
}

function targetOf({ project, name, image, ...one }: Pictured, index: number, now: number): TargetSnapshot {
  const probe = { protocol: 'http', at: now, up: true, status: 200, latencyMs: (one.http ?? 0) * 1000 } as const;
  const seen = fakeTarget(index, now, {
    startedAt: now - (index + 2) ** 2 * 5 * HOUR_MS,
    resources: {
      cpuPercent: one.cpu,
      memoryPercent: one.memory,
      memoryBytes: one.memory * 5.12e6,
      memoryLimitBytes: 512e6,
    },
    probes: one.http === undefined ? {} : { web: probe },
    ...one.changes,
  });
  const target = { ...seen.observation.target, id: idOf({ project, name }), name, namespace: project, image };
  const line = (mean: number, swing: number): { readonly at: number; readonly value: number }[] =>
    Array.from({ length: 60 }, (_, step) => ({
      at: now - (60 - step) * 1000,
      value: wave(mean, swing, step + index * 17),
    }));
  return {
    ...seen,
    observation: { ...seen.observation, target },
    severity: one.alert?.severity,
    sparklines: { cpu: line(one.cpu, 0.35), memory: line(one.memory, 0.06) },
  };
}

function alertOf({ alert, project, name }: Pictured, index: number, now: number): readonly FiringAlert[] {
  if (alert === undefined) return [];
  const target = { id: idOf({ project, name }), host: 'local', namespace: project, name };
  const since = now - (index + 3) * 2 * MINUTE_MS;
  const made = firing(target, alert.severity, alert.message);
  return [
    {
      ...made,
      rule: alert.rule,
      firedAt: since,
      pendingSince: since,
      notified: { ...made.notified, lastAt: since + 2000 },
    },
  ];
}

function idOf({ project, name }: Pick<Pictured, 'project' | 'name'>): string {
  return project === '' ? `local/${name}` : `local/${project}/${name}/1`;
}

/** Never the same twice, and the same in each picture. */
function wave(mean: number, swing: number, step: number): number {
  const shape = Math.sin(step / 4) * 0.5 + Math.sin(step / 1.7) * 0.3 + Math.sin(step / 9) * 0.4;
  return Math.min(100, Math.max(0, mean * (1 + swing * shape)));
}

/** All were up all day, but the one that is down. */
export async function picturedHistory({
  targetId,
  metric,
  fromMs,
  toMs,
  maxPoints,
}: HistoryQuery): Promise<HistoryAnswer> {
  const resolutionMs = Math.max(MINUTE_MS, Math.ceil((toMs - fromMs) / maxPoints));
  const { cpu = 0, memory = 0 } = pictured.find((one) => idOf(one) === targetId) ?? {};
  const isDown = (at: number): boolean => targetId.includes('transcoder') && toMs - at < HOUR_MS;
  const value = (at: number): number => {
    if (metric === 'up') return isDown(at) ? 0 : 1;
    return isDown(at) ? 0 : wave(metric === 'cpu' ? cpu : memory, metric === 'cpu' ? 0.35 : 0.06, at / resolutionMs);
  };
  const points = Array.from({ length: Math.floor((toMs - fromMs) / resolutionMs) }, (_, index) => {
    const at = fromMs + index * resolutionMs;
    const mean = value(at);
    return { at, min: mean * (metric === 'up' ? 1 : 0.9), mean, max: mean * (metric === 'up' ? 1 : 1.1) };
  });
  return { resolutionMs, points };
}
