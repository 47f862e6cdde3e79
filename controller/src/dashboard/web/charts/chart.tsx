import { useEffect, useRef, useState } from 'preact/hooks';
import { useTheme } from '../theme.ts';
import { thresholdsAbove, type ChartLine, type ChartSpec } from './chart-spec.ts';
import type { createPlot, Plot } from './plot.ts';
import type { SeriesSummary } from './series.ts';
import { withUnit, type Unit } from './unit.ts';
import './chart.css';

export interface ChartProps {
  readonly spec: ChartSpec;
  /** For those who do not see the line; undefined: nothing was measured. */
  readonly summary: SeriesSummary | undefined;
  /** Absent: dragging does nothing. */
  readonly onZoom?: (fromMs: number, toMs: number) => void;
  readonly onBack?: () => void;
  /** Said instead of the line when there is none. */
  readonly empty?: string;
}

/** A chart with its name, what is under the cursor, and its numbers in words. uPlot is loaded when the first is shown. */
export function Chart({ spec, summary, onZoom, onBack, empty = 'nothing was measured in this time' }: ChartProps) {
  const area = useRef<HTMLDivElement>(null);
  const reading = useRef<HTMLOutputElement>(null);
  const hasFailed = usePlot(area, spec, {
    zoom: (fromMs, toMs) => onZoom?.(fromMs, toMs),
    back: () => onBack?.(),
    reading(text) {
      if (reading.current !== null) reading.current.textContent = text;
    },
  });
  const words = summary === undefined ? empty : summaryWords(summary, spec.unit);
  const above = thresholdsAbove(spec);
  return (
    <figure class="chart" data-chart={spec.title}>
      <figcaption>
        <strong>{spec.title}</strong> <span class="chart-summary">{words}</span>
        {spec.lines.length > 1 && <Legend lines={spec.lines} />}
        {above.map((threshold) => (
          <small key={`${threshold.label}${threshold.value}`} class="chart-above">
            ↑ {threshold.label} {threshold.severity} at {withUnit(threshold.value, spec.unit)}
          </small>
        ))}
        {hasFailed && <span class="critical">the line cannot be drawn: reload the page</span>}
        <output class="chart-reading" ref={reading} aria-hidden="true" />
      </figcaption>
      <div class="chart-area" ref={area} role="img" aria-label={`${spec.title}: ${words}${happenings(spec)}`} />
    </figure>
  );
}

function Legend({ lines }: { lines: readonly ChartLine[] }) {
  return (
    <span class="chart-legend">
      {lines.map(({ label, colour, dashed }) => (
        <span key={label} class={`${colour} ${dashed === true ? 'dashed' : ''}`}>
          {label}
        </span>
      ))}
    </span>
  );
}

function summaryWords({ last, mean, min, max }: SeriesSummary, unit: Unit): string {
  const text = (value: number): string => withUnit(value, unit);
  return `last ${text(last)}, mean ${text(mean)}, min ${text(min)}, max ${text(max)}`;
}

function happenings({ spans, marks, thresholds, unit }: ChartSpec): string {
  const lines = thresholds.map(({ value, severity }) => `${severity} line at ${withUnit(value, unit)}`);
  const alerts = spans.filter(({ kind }) => kind !== 'load').length;
  const loads = spans.length - alerts;
  const counts = [
    alerts > 0 ? `${alerts} alert ${alerts === 1 ? 'span' : 'spans'}` : '',
    loads > 0 ? `${loads} load ${loads === 1 ? 'test' : 'tests'}` : '',
    ...marks.map(({ label }) => label),
  ].filter((text) => text !== '');
  const all = [...lines, ...counts].slice(0, MAX_HAPPENINGS);
  return all.length === 0 ? '' : `; ${all.join(', ')}`;
}

/** A label that is longer is not listened to. */
const MAX_HAPPENINGS = 12;

interface Events {
  zoom(fromMs: number, toMs: number): void;
  back(): void;
  reading(text: string): void;
}

/** uPlot, or undefined when its script cannot be loaded: a network that changes breaks what is under way. */
async function loadPlot(): Promise<CreatePlot | undefined> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    try {
      return (await import('./plot.ts')).createPlot;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  }
  return undefined;
}

type CreatePlot = typeof createPlot;
const MAX_TRIES = 4;
const TRY_AGAIN_MS = 1500;

/** Draws and keeps drawn; gives back whether that is impossible. */
function usePlot(area: { readonly current: HTMLDivElement | null }, spec: ChartSpec, events: Events): boolean {
  const plot = useRef<Plot | undefined>(undefined);
  const latest = useRef({ spec, events });
  latest.current = { spec, events };
  const theme = useTheme();
  const shape = spec.lines.map((line) => `${line.label}${line.band === undefined ? '' : '~'}`).join();
  const [isDrawn, setDrawn] = useState(false);
  const [hasFailed, setFailed] = useState(false);

  useEffect(() => {
    const element = area.current;
    if (element === null) return undefined;
    let isGone = false;
    const observer = new ResizeObserver(() => plot.current?.resize(element.clientWidth));
    const draw = async (): Promise<void> => {
      const create = await loadPlot();
      if (isGone) return;
      if (create === undefined) {
        setFailed(true);
        return;
      }
      plot.current = create(element, latest.current.spec, {
        zoom: (fromMs, toMs) => latest.current.events.zoom(fromMs, toMs),
        back: () => latest.current.events.back(),
        reading: (text) => latest.current.events.reading(text),
      });
      observer.observe(element);
      setDrawn(true);
    };
    void draw();
    return () => {
      isGone = true;
      observer.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [theme, shape]);

  useEffect(() => plot.current?.update(spec), [spec, isDrawn]);
  return hasFailed;
}
