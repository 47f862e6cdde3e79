import type { LoadTestSpan } from '../../dashboard/answers/container.ts';
import type { LoadImpactView, LoadTestAnswer, LoadTestSummary } from '../../dashboard/answers/load-tests.ts';
import type { KubeObject } from '../../kube/client.ts';
import type { Alert } from '../../model/alert.ts';
import { planDurationMs, type LoadPoint, type LoadTestSnapshot } from '../../model/load-test.ts';
import { severities } from '../../model/severity.ts';
import type {
  LoadTestSpec,
  LoadTestStatus,
  LoadTestStatusImpact,
  LoadTestStatusSummary,
} from '../../model/resources.generated.ts';
import type { Target } from '../../model/target.ts';
import type { ReadSamples } from '../../loadtest/impact.ts';
import { alertObjectName } from '../../reconcile/alert-object.ts';
import { loadTestFromObject } from '../../reconcile/load-test-from-object.ts';
import { conditionOf, recordFromStatus } from '../../reconcile/load-test-record.ts';
import { objectYaml } from '../../reconcile/object-yaml.ts';
import type { Clock } from '../../clock.ts';
import { keyOf } from './check.ts';

export interface LoadTestAnswerDeps {
  readonly snapshots: () => readonly LoadTestSnapshot[];
  readonly series: (key: string) => readonly LoadPoint[];
  readonly targets: () => readonly Target[];
  readonly alerts: () => readonly Alert[];
  readonly readSamples: ReadSamples;
  readonly clock: Clock;
}

/** Containers whose samples are drawn. */
const MAX_DRAWN = 10;
const MAX_POINTS = 600;

export function statusOf({ status }: KubeObject): LoadTestStatus | undefined {
  return status as LoadTestStatus | undefined;
}

export function spanOf(object: KubeObject): LoadTestSpan | undefined {
  const status = statusOf(object);
  const from = timeOf(status?.startTime);
  return from === null ? undefined : { key: keyOf(object), from, to: timeOf(status?.completionTime) };
}

/** Live where it runs, else as its status has it. */
export function loadTestSummary(object: KubeObject, live: LoadTestSnapshot | undefined): LoadTestSummary {
  const { target, level = null, suspend, schedule = null } = object.spec as LoadTestSpec;
  const status = statusOf(object);
  const isOver = status !== undefined && conditionOf(status, 'Complete')?.status === 'True';
  return {
    key: keyOf(object),
    url: target.url,
    level,
    ...progressOf(object, live),
    ...endingOf(status, isOver),
    summary: (isOver ? undefined : live?.summary) ?? summaryOf(status?.summary),
    suspended: suspend,
    schedule,
  };
}

function progressOf(
  object: KubeObject,
  live: LoadTestSnapshot | undefined,
): Pick<LoadTestSummary, 'phase' | 'running' | 'elapsedSeconds' | 'durationSeconds'> {
  if (live !== undefined) {
    const { phase, running, elapsedSeconds, durationSeconds } = live;
    return { phase, running, elapsedSeconds, durationSeconds };
  }
  const parsed = loadTestFromObject(object);
  const { phase } = recordFromStatus(statusOf(object) ?? {}, 0);
  const durationSeconds = parsed.kind === 'loadtest' ? planDurationMs(parsed.test) / 1000 : 0;
  return { phase, running: false, elapsedSeconds: 0, durationSeconds };
}

function endingOf(
  status: LoadTestStatus | undefined,
  isOver: boolean,
): Pick<LoadTestSummary, 'startedAt' | 'completedAt' | 'succeeded' | 'reason' | 'message' | 'progress'> {
  const ready = conditionOf(status, 'Ready');
  const succeeded = isOver ? conditionOf(status, 'Succeeded')?.status === 'True' : null;
  return {
    startedAt: timeOf(status?.startTime),
    completedAt: timeOf(status?.completionTime),
    succeeded,
    reason: ready?.reason ?? null,
    message: ready?.message ?? null,
    progress: status?.progress ?? null,
  };
}

function summaryOf(summary: LoadTestStatusSummary | undefined): LoadTestSummary['summary'] {
  if (summary === undefined) return null;
  const { requests = 0, rate = 0, errors = 0, errorRate = 0, late = 0, latency, serviceTime } = summary;
  return {
    requests,
    rate,
    errors,
    errorRate,
    late,
    latency: percentilesOf(latency),
    serviceTime: percentilesOf(serviceTime),
  };
}

type Percentiles = NonNullable<NonNullable<LoadTestSummary['summary']>['latency']>;

function percentilesOf(given: LoadTestStatusSummary['latency']): Percentiles | undefined {
  if (given?.p50 === undefined) return undefined;
  const { p50, p90 = p50, p95 = p90, p99 = p95, max = p99 } = given;
  return { p50, p90, p95, p99, max };
}

export async function loadTestAnswer(deps: LoadTestAnswerDeps, object: KubeObject): Promise<LoadTestAnswer> {
  const key = keyOf(object);
  const spec = object.spec as LoadTestSpec;
  const status = statusOf(object);
  const live = deps.snapshots().find(({ namespace, name }) => `${namespace}/${name}` === key);
  const series = deps.series(key);
  return {
    loadTest: loadTestSummary(object, live),
    yaml: objectYaml(object),
    endpoints: (status?.endpoints ?? []).map(({ method, path, requests = 0, errors = 0, latency }) => ({
      method,
      path,
      requests,
      errors,
      p95Seconds: latency?.p95 ?? null,
    })),
    thresholds: (spec.thresholds ?? []).map(({ name, expr }) => {
      const found = status?.thresholds?.find((one) => one.name === name);
      return { name, expr, passed: found?.passed ?? null, observed: found?.observed ?? '' };
    }),
    impact: await impactOf(deps, status, spanOf(object)),
    alerts: alertsOf(deps, status),
    doubts: status?.generators?.doubts ?? [],
    series: series.length === 0 ? null : series.map(secondOf),
  };
}

/** Those whose objects are gone by now have no container. */
function alertsOf({ alerts }: LoadTestAnswerDeps, status: LoadTestStatus | undefined): LoadTestAnswer['alerts'] {
  const containers = new Map(alerts().map((alert) => [alertObjectName(alert), alert.target.name]));
  return (status?.alerts ?? []).flatMap(({ name, rule = '', severity: said }) => {
    const severity = severities.find((known) => known === said);
    return severity === undefined ? [] : [{ name, rule, severity, container: containers.get(name) ?? '' }];
  });
}

function secondOf({ at, rate, errors, latency }: LoadPoint): NonNullable<LoadTestAnswer['series']>[number] {
  const { p50 = null, p95 = null, p99 = null, max = null } = latency ?? {};
  return { at, requests: rate, errors, p50, p95, p99, max };
}

async function impactOf(
  deps: LoadTestAnswerDeps,
  status: LoadTestStatus | undefined,
  span: LoadTestSpan | undefined,
): Promise<readonly LoadImpactView[]> {
  const byName = new Map(deps.targets().map((target) => [target.name, target.id]));
  const views: LoadImpactView[] = [];
  for (const [index, impact] of (status?.impact ?? []).entries()) {
    const target = byName.get(impact.container) ?? null;
    const drawn = index < MAX_DRAWN && target !== null && span !== undefined ? { target, span } : undefined;
    views.push({ ...spreadsOf(impact), target, ...(await pointsOf(deps, drawn)) });
  }
  return views;
}

async function pointsOf(
  { readSamples, clock }: LoadTestAnswerDeps,
  drawn: { readonly target: string; readonly span: LoadTestSpan } | undefined,
): Promise<Pick<LoadImpactView, 'cpuPoints' | 'memoryPoints'>> {
  if (drawn === undefined) return { cpuPoints: [], memoryPoints: [] };
  const between = { targetId: drawn.target, fromMs: drawn.span.from, toMs: drawn.span.to ?? clock.now() };
  return {
    cpuPoints: thinned(await readSamples({ ...between, metric: 'cpu' })),
    memoryPoints: thinned(await readSamples({ ...between, metric: 'memory' })),
  };
}

function thinned(points: LoadImpactView['cpuPoints']): LoadImpactView['cpuPoints'] {
  const step = Math.ceil(points.length / MAX_POINTS);
  return step <= 1 ? points : points.filter((_point, index) => index % step === 0);
}

function spreadsOf({
  container,
  cpu,
  memory,
  restarts,
}: LoadTestStatusImpact): Pick<LoadImpactView, 'container' | 'cpu' | 'memory' | 'restarts'> {
  return { container, cpu: spreadOf(cpu), memory: spreadOf(memory), restarts: restarts ?? null };
}

function spreadOf(spread: LoadTestStatusImpact['cpu']): LoadImpactView['cpu'] {
  return spread?.avg === undefined || spread.max === undefined ? null : { avg: spread.avg, max: spread.max };
}

function timeOf(text: string | undefined): number | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : time;
}
