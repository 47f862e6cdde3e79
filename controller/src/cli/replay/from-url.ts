import { fetch } from 'undici';
import { errorMessage, FoghornError } from '../../errors.ts';
import { metricNames, type MetricName, type Sample } from '../../model/metrics.ts';
import { representative } from '../../record/history/recorded.ts';
import { targetOfId, type RecordedTarget } from '../../replay/recorded-target.ts';

/** Of one request. */
const TIMEOUT_MS = 10_000;
/** As /api/history bounds it. */
const MAX_POINTS = 2000;
/** The controller keeps samples as they came for 6 h; less here, since time passes while it is asked. */
const FINE_MS = 21_000_000;
const MAX_TARGETS = 500;

/** The dashboard of a running controller. */
export interface Dashboard {
  /** With the sub-path that it is served under, if any. */
  readonly url: string;
  /** Undefined: it asks for none. */
  readonly token: string | undefined;
}

/** Reads the history of a running controller through its dashboard. Throws Unavailable when it does not answer. */
export async function readFromUrl(
  dashboard: Dashboard,
  fromMs: number,
  toMs: number,
): Promise<readonly RecordedTarget[]> {
  const fineFrom = Math.max(fromMs, toMs - FINE_MS);
  const spans = [...(fineFrom > fromMs ? [{ from: fromMs, to: fineFrom - 1 }] : []), { from: fineFrom, to: toMs }];
  const recorded: RecordedTarget[] = [];
  for (const container of containersOf(await ask(dashboard, 'api/state')).slice(0, MAX_TARGETS)) {
    const target = { ...targetOfId(container.id), ...container };
    recorded.push({ target, ...(await readSamples(dashboard, container.id, spans)) });
  }
  return recorded;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

async function readSamples(
  dashboard: Dashboard,
  target: string,
  spans: readonly Span[],
): Promise<Omit<RecordedTarget, 'target'>> {
  const byTime = new Map<number, Partial<Record<MetricName, number>>>();
  let resolutionMs = 0;
  for (const { metric, span } of metricNames.flatMap((name) => spans.map((one) => ({ metric: name, span: one })))) {
    const series = await readSeries(dashboard, { target, metric, ...span });
    resolutionMs = Math.max(resolutionMs, series.resolutionMs);
    for (const { at, value } of series.points) byTime.set(at, { ...byTime.get(at), [metric]: value });
  }
  return { samples: inOrder(byTime), resolutionMs };
}

function inOrder(byTime: ReadonlyMap<number, Sample['values']>): readonly Sample[] {
  return [...byTime].sort(([a], [b]) => a - b).map(([at, values]) => ({ targetId: '', at, values }));
}

interface SeriesRequest extends Span {
  readonly target: string;
  readonly metric: MetricName;
}

async function readSeries(
  dashboard: Dashboard,
  { target, metric, from, to }: SeriesRequest,
): Promise<{
  readonly resolutionMs: number;
  readonly points: readonly { readonly at: number; readonly value: number }[];
}> {
  const query = { target, metric, from: String(from), to: String(to), points: String(MAX_POINTS) };
  const answer = await ask(dashboard, `api/history?${new URLSearchParams(query).toString()}`);
  const points = fieldOf(answer, 'points');
  if (!Array.isArray(points)) throw badAnswer(new URL(dashboard.url));
  return {
    resolutionMs: numberOf(answer, 'resolutionMs'),
    points: points.map((point: unknown) => ({ at: numberOf(point, 'at'), value: valueOf(metric, point) })),
  };
}

function valueOf(metric: MetricName, point: unknown): number {
  const [min, mean, max] = [numberOf(point, 'min'), numberOf(point, 'mean'), numberOf(point, 'max')];
  return representative(metric, { min, mean, max });
}

type KnownContainer = Pick<RecordedTarget['target'], 'id' | 'name' | 'host' | 'namespace' | 'image'>;

function containersOf(state: unknown): readonly KnownContainer[] {
  const containers = fieldOf(state, 'containers');
  if (!Array.isArray(containers)) throw new FoghornError('Unavailable', 'the address does not answer as Foghorn does');
  return containers.map((container: unknown) => ({
    id: textOf(container, 'id'),
    name: textOf(container, 'name'),
    host: textOf(container, 'host'),
    namespace: textOf(container, 'namespace'),
    image: textOf(container, 'image'),
  }));
}

async function ask({ url, token }: Dashboard, path: string): Promise<unknown> {
  const address = new URL(path, url.endsWith('/') ? url : `${url}/`);
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    const answer = await fetch(address, { headers, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    if (answer.status === 401) throw new Error('HTTP 401: it wants a token, which goes into FOGHORN_TOKEN');
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return await answer.json();
  } catch (error) {
    throw new FoghornError('Unavailable', `${address.origin} does not answer: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

function badAnswer(address: URL): FoghornError {
  return new FoghornError('Unavailable', `${address.origin} does not answer as Foghorn does`);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function numberOf(value: unknown, name: string): number {
  const field = fieldOf(value, name);
  if (typeof field !== 'number') throw new FoghornError('Unavailable', `the history has no number "${name}"`);
  return field;
}

function textOf(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === 'string' ? field : '';
}
