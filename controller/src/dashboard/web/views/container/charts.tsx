import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MarksAnswer, ThresholdLine } from '../../../answers/container.ts';
import { Chart } from '../../charts/chart.tsx';
import { RangePicker } from '../../charts/range-picker.tsx';
import { emptySeries, summaryOf, type Series } from '../../charts/series.ts';
import { parseRange, rangeText, recent, zoomedTo, type Bounds, type TimeRange } from '../../charts/time-range.ts';
import { containerCharts, type MetricChart } from '../../charts/unit.ts';
import { Moment } from '../../parts/time.tsx';
import { href } from '../../route.ts';
import { router } from '../../router.ts';
import { changeWords, containerChart } from './chart-specs.ts';
import { useHistory } from './use-history.ts';

const metrics = containerCharts.map(({ metric }) => metric);
/** Room of the value axis, beside the line, CSS pixels. */
const AXIS_PIXELS = 100;
/** So that a window that is dragged larger asks again in steps. */
const PIXEL_STEP = 100;
const LEAST_PIXELS = 300;
/** What happened is on the charts; the list below is bounded. */
const MAX_LISTED = 12;

/** The charts of one container; their range is in the address. */
export function Charts({
  target,
  rangeQuery,
  thresholds,
}: {
  target: string;
  rangeQuery: string | undefined;
  thresholds: readonly ThresholdLine[];
}) {
  const grid = useRef<HTMLDivElement>(null);
  const range = useMemo(() => parseRange(rangeQuery), [rangeQuery]);
  const history = useHistory({ target, metrics, range, pixels: useChartPixels(grid) });
  const zoom = useZoom(target, range);
  const hasPoints = Object.values(history.series).some(({ points }) => points.length > 0);
  return (
    <section aria-label="Charts">
      <h2>Charts</h2>
      <RangePicker range={range} onChange={zoom.go} onBack={zoom.back} />
      {history.error !== undefined && (
        <p class="failure" role="alert">
          <strong>The charts may be incomplete:</strong> {history.error}{' '}
          <button type="button" class="button" onClick={history.reload}>
            try again
          </button>
        </p>
      )}
      {!history.isLoading && !hasPoints && history.error === undefined && (
        <p class="empty">No samples in this time: it is watched since later, or was not running.</p>
      )}
      <p class="chart-hint">Drag over a chart to zoom, double click to go back. Band: lowest to highest.</p>
      <div class="charts" ref={grid} aria-busy={history.isLoading}>
        {containerCharts.map((chart) => (
          <MetricFigure
            key={chart.metric}
            chart={chart}
            series={history.series[chart.metric] ?? emptySeries}
            bounds={history.bounds}
            marks={history.marks}
            thresholds={thresholds}
            zoom={zoom}
            isLoading={history.isLoading}
          />
        ))}
      </div>
      {history.marks !== undefined && <Happenings marks={history.marks} />}
    </section>
  );
}

interface MetricFigureProps {
  readonly chart: MetricChart;
  readonly series: Series;
  readonly bounds: Bounds;
  readonly marks: MarksAnswer | undefined;
  readonly thresholds: readonly ThresholdLine[];
  readonly zoom: Zoom;
  readonly isLoading: boolean;
}

function MetricFigure({ chart, series, bounds, marks, thresholds, zoom, isLoading }: MetricFigureProps) {
  const spec = useMemo(
    () => containerChart(chart, series, { bounds, marks, thresholds }),
    [chart, series, bounds, marks, thresholds],
  );
  return (
    <Chart
      spec={spec}
      summary={summaryOf(series)}
      empty={isLoading ? 'loading ...' : 'nothing was measured in this time'}
      onZoom={(fromMs, toMs) => {
        const zoomed = zoomedTo(fromMs, toMs);
        if (zoomed !== undefined) zoom.go(zoomed);
      }}
      onBack={zoom.back}
    />
  );
}

interface Zoom {
  go(range: TimeRange): void;
  back(): void;
}

/** Each zoom is an entry in the history of the browser, so that its own way back works too. */
function useZoom(target: string, range: TimeRange): Zoom {
  const before = useRef<readonly TimeRange[]>([]);
  const show = (next: TimeRange): void => router.go(href('container', [target], { range: rangeText(next) }));
  return {
    go(next) {
      before.current = next.kind === 'recent' ? [] : [...before.current, range];
      show(next);
    },
    back() {
      const last = before.current.at(-1);
      before.current = before.current.slice(0, -1);
      if (range.kind === 'fixed') show(last ?? recent('1h'));
    },
  };
}

/** Width of the plotting area of a chart, in steps. */
function useChartPixels(grid: { readonly current: HTMLDivElement | null }): number {
  const [pixels, setPixels] = useState(LEAST_PIXELS);
  useEffect(() => {
    const element = grid.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const width = (element.firstElementChild?.clientWidth ?? element.clientWidth) - AXIS_PIXELS;
      setPixels(Math.max(LEAST_PIXELS, Math.ceil(width / PIXEL_STEP) * PIXEL_STEP));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return pixels;
}

/** What is drawn over the charts, in words. */
function Happenings({ marks }: { marks: MarksAnswer }) {
  const all = [
    ...marks.alerts.map((alert) => ({ at: alert.from, text: `${alert.severity}: ${alert.rule}, ${alert.message}` })),
    ...marks.changes.map((change) => ({ at: change.at, text: changeWords(change) })),
    ...marks.loadTests.map(({ key, from }) => ({ at: from, text: `load test ${key} began` })),
  ].sort((a, b) => b.at - a.at);
  if (all.length === 0) return null;
  const hidden = all.length - MAX_LISTED + marks.leftOut;
  return (
    <details class="happenings">
      <summary>
        {all.length} {all.length === 1 ? 'thing' : 'things'} happened in this time
      </summary>
      <ul>
        {all.slice(0, MAX_LISTED).map(({ at, text }) => (
          <li key={`${at}${text}`}>
            <Moment at={at} /> <span class="text">{text}</span>
          </li>
        ))}
        {hidden > 0 && <li class="empty">and {hidden} more</li>}
      </ul>
    </details>
  );
}
