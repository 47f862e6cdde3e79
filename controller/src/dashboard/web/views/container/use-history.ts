import { useEffect, useState } from 'preact/hooks';
import type { MarksAnswer } from '../../../answers/container.ts';
import type { MetricName } from '../../../../model/metrics.ts';
import type { HistoryAnswer } from '../../../reader.ts';
import { get, type Answer } from '../../api.ts';
import { emptySeries, withTail, type Series } from '../../charts/series.ts';
import { boundsOf, rangeText, type Bounds, type TimeRange } from '../../charts/time-range.ts';

/** All that the charts of a container show. */
export interface ContainerHistory {
  readonly bounds: Bounds;
  readonly series: Readonly<Partial<Record<MetricName, Series>>>;
  readonly marks: MarksAnswer | undefined;
  readonly error: string | undefined;
  readonly isLoading: boolean;
}

/** A range that ends now goes on at this pace, or at that of its intervals when they are longer. */
const FOLLOW_EVERY_MS = 5000;
const SLOWEST_FOLLOW_MS = 60_000;
/** After a longer pause (a sleeping laptop) all is asked anew. */
const STALE_AFTER_MS = 5 * 60_000;
/** The newest intervals are not whole yet and are asked again. */
const OVERLAP_INTERVALS = 2;
const MOST_POINTS = 1000;

interface Question {
  readonly target: string;
  readonly metrics: readonly MetricName[];
  readonly range: TimeRange;
  /** Width of a chart: more points than these cannot be seen. */
  readonly pixels: number;
}

/** Loads a range once, with as many points as the charts have pixels, and then only what is new. */
export function useHistory({ target, metrics, range, pixels }: Question): ContainerHistory & { reload(): void } {
  const [history, setHistory] = useState<ContainerHistory>(() => nothing(range));
  const [attempt, setAttempt] = useState(0);
  const question = JSON.stringify([target, metrics, rangeText(range), pixels, attempt]);
  useEffect(() => {
    const abort = new AbortController();
    setHistory((before) => ({ ...before, bounds: boundsOf(range, Date.now()), isLoading: true, error: undefined }));
    const ask = { target, metrics, range, pixels: Math.min(pixels, MOST_POINTS) };
    void follow(ask, setHistory, abort.signal);
    return () => abort.abort();
  }, [question]);
  return { ...history, reload: () => setAttempt((count) => count + 1) };
}

function nothing(range: TimeRange): ContainerHistory {
  return { bounds: boundsOf(range, Date.now()), series: {}, marks: undefined, error: undefined, isLoading: true };
}

async function follow(
  question: Question,
  show: (history: ContainerHistory) => void,
  signal: AbortSignal,
): Promise<void> {
  let history = await load(question, signal);
  let loadedAt = Date.now();
  while (!signal.aborted) {
    show(history);
    if (question.range.kind === 'fixed') return;
    await pause(paceOf(history), signal);
    if (signal.aborted || document.visibilityState !== 'visible') continue;
    const isStale = Date.now() - loadedAt > STALE_AFTER_MS || history.error !== undefined;
    history = isStale ? await load(question, signal) : await extend(question, history, signal);
    loadedAt = Date.now();
  }
}

function paceOf({ series }: ContainerHistory): number {
  const widths = Object.values(series).map(({ resolutionMs }) => resolutionMs);
  return Math.min(SLOWEST_FOLLOW_MS, Math.max(FOLLOW_EVERY_MS, ...widths));
}

async function load(question: Question, signal: AbortSignal): Promise<ContainerHistory> {
  const bounds = boundsOf(question.range, Date.now());
  const [marks, ...answers] = await Promise.all([
    askMarks(question.target, bounds, signal),
    ...question.metrics.map((metric) => askSeries(question, metric, bounds, signal)),
  ]);
  const pairs = question.metrics.map((metric, index) => {
    const answer = answers[index];
    return [metric, answer?.ok === true ? answer.value : emptySeries] as const;
  });
  const failed = answers.find((answer) => !answer.ok);
  return {
    bounds,
    series: Object.fromEntries(pairs),
    marks: marks.ok ? marks.value : undefined,
    error: failed?.ok === false ? failed.error : marks.ok ? undefined : marks.error,
    isLoading: false,
  };
}

async function extend(question: Question, history: ContainerHistory, signal: AbortSignal): Promise<ContainerHistory> {
  const bounds = boundsOf(question.range, Date.now());
  const [marks, ...tails] = await Promise.all([
    askMarks(question.target, bounds, signal),
    ...question.metrics.map(async (metric) => {
      const series = history.series[metric] ?? emptySeries;
      const fromMs = tailStart(series, bounds);
      const answer = await askSeries(question, metric, { fromMs, toMs: bounds.toMs }, signal);
      return [metric, answer.ok ? withTail(series, answer.value, bounds) : series, answer] as const;
    }),
  ]);
  const failed = tails.map(([, , answer]) => answer).find((answer) => !answer.ok);
  return {
    bounds,
    series: Object.fromEntries(tails),
    marks: marks.ok ? marks.value : history.marks,
    error: failed?.ok === false ? failed.error : undefined,
    isLoading: false,
  };
}

function tailStart({ points, resolutionMs }: Series, { fromMs }: Bounds): number {
  const last = points.at(-1)?.at ?? fromMs;
  return Math.max(Math.floor(fromMs), last - OVERLAP_INTERVALS * resolutionMs);
}

function askSeries(
  { target, pixels }: Question,
  metric: MetricName,
  { fromMs, toMs }: Bounds,
  signal: AbortSignal,
): Promise<Answer<HistoryAnswer>> {
  const query = { target, metric, from: Math.floor(fromMs), to: Math.max(Math.ceil(toMs), Math.floor(fromMs) + 1) };
  return get<HistoryAnswer>('api/history', { query: { ...query, points: pixels }, signal });
}

function askMarks(target: string, { fromMs, toMs }: Bounds, signal: AbortSignal): Promise<Answer<MarksAnswer>> {
  const query = { target, from: Math.floor(fromMs), to: Math.ceil(toMs) };
  return get<MarksAnswer>('api/container/marks', { query, signal });
}

/** Ends early when the question is no longer asked. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
