import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { topOf, type ChartLine, type ChartSpec } from './chart-spec.ts';
import { drawLines, drawSpans } from './overlay.ts';
import { readPalette, type Palette } from './palette.ts';
import { tickLabel } from './timeline-layout.ts';
import { withUnit } from './unit.ts';

/** A chart in the page. It keeps its canvas while values change. */
export interface Plot {
  update(spec: ChartSpec): void;
  resize(widthPixels: number): void;
  destroy(): void;
}

export interface PlotEvents {
  /** A part was chosen by dragging. */
  zoom(fromMs: number, toMs: number): void;
  /** Double click. */
  back(): void;
  /** What is under the cursor, in words; empty when it is elsewhere. */
  reading(text: string): void;
}

const HEIGHT = 170;
const AXIS_WIDTH = 84;
const TIME_AXIS_HEIGHT = 28;
/** Least distance of two lines of the value axis, CSS pixels. */
const VALUE_SPACE = 28;
/** Whole numbers of bytes, KiB, MiB ... */
const byteSteps = Array.from({ length: 50 }, (_, power) => 2 ** power);
const FONT = "11px ui-monospace, 'DejaVu Sans Mono', monospace";
/** Room for one label of the time axis, CSS pixels. */
const TIME_LABEL_ROOM = 80;
/** A drag of fewer CSS pixels is a click. */
const LEAST_DRAG = 6;
/** All charts of a page share their cursor. */
const SYNC_KEY = 'foghorn';

/** Draws with uPlot. Lines and bands are fixed by the first spec; values, bounds and marks may change. */
export function createPlot(element: HTMLElement, first: ChartSpec, events: PlotEvents): Plot {
  let spec = first;
  const palette = readPalette();
  const plot = new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      ms: 1,
      legend: { show: false },
      cursor: cursorOptions(events),
      scales: {
        x: { time: true, range: () => [spec.bounds.fromMs, spec.bounds.toMs] },
        y: { range: () => [0, topOf(spec)] },
      },
      axes: axes(spec, palette),
      series: [{}, ...spec.lines.flatMap((line) => seriesOf(line, palette))],
      bands: bandsOf(spec.lines, palette),
      hooks: {
        drawAxes: [(self) => drawSpans(self, spec, palette)],
        draw: [(self) => drawLines(self, spec, palette)],
        setCursor: [(self) => events.reading(readingOf(spec, self.cursor.idx))],
        setSelect: [
          (self) => {
            const { left, width } = self.select;
            if (width >= LEAST_DRAG) events.zoom(self.posToVal(left, 'x'), self.posToVal(left + width, 'x'));
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    dataOf(spec),
    element,
  );
  return {
    update(next) {
      spec = next;
      plot.setData(dataOf(next));
    },
    resize: (width) => plot.setSize({ width, height: HEIGHT }),
    destroy: () => plot.destroy(),
  };
}

function cursorOptions(events: PlotEvents): uPlot.Cursor {
  return {
    y: false,
    drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG },
    // Only where the cursor is goes to the other charts: a drag is answered once.
    sync: { key: SYNC_KEY, filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
    points: { size: 5 },
    bind: {
      dblclick: () => () => {
        events.back();
        return null;
      },
    },
  };
}

function axes(spec: ChartSpec, palette: Palette): uPlot.Axis[] {
  const shared = {
    stroke: palette.dim,
    font: FONT,
    grid: { stroke: palette.line, width: 1 },
    ticks: { stroke: palette.line, width: 1, size: 4 },
  };
  const isBytes = spec.unit === 'bytes' || spec.unit === 'bytesPerSecond';
  return [
    {
      ...shared,
      size: TIME_AXIS_HEIGHT,
      space: TIME_LABEL_ROOM,
      values: (self, splits) => splits.map((at) => tickLabel(at, stepOf(self, splits))),
    },
    {
      ...shared,
      size: AXIS_WIDTH,
      space: VALUE_SPACE,
      ...(isBytes && { incrs: byteSteps }),
      values: (_self, splits) => splits.map((value) => withUnit(value, spec.unit)),
    },
  ];
}

function stepOf(plot: uPlot, splits: readonly number[]): number {
  const [first, second] = splits;
  return first === undefined || second === undefined ? (plot.scales['x']?.max ?? 0) - (first ?? 0) : second - first;
}

function seriesOf(line: ChartLine, palette: Palette): readonly uPlot.Series[] {
  const edge: uPlot.Series = { width: 0, points: { show: false } };
  const main: uPlot.Series = {
    label: line.label,
    stroke: palette[line.colour],
    width: 1.5,
    points: { show: false },
    ...(line.dashed === true && { dash: [5, 4] }),
  };
  return line.band === undefined ? [main] : [main, edge, edge];
}

/** The area between the highest and the lowest of a line. */
function bandsOf(lines: readonly ChartLine[], palette: Palette): uPlot.Band[] {
  const bands: uPlot.Band[] = [];
  let column = 1;
  for (const line of lines) {
    if (line.band !== undefined)
      bands.push({
        series: [column + 2, column + 1],
        fill: `color-mix(in srgb, ${palette[line.colour]} 24%, transparent)`,
      });
    column += line.band === undefined ? 1 : 3;
  }
  return bands;
}

function dataOf({ times, lines }: ChartSpec): uPlot.AlignedData {
  const columns = lines.flatMap(({ values, band }) => (band === undefined ? [values] : [values, band.min, band.max]));
  return [[...times], ...columns.map((column) => [...column])];
}

function readingOf({ times, lines, unit }: ChartSpec, index: number | null | undefined): string {
  const at = index === null || index === undefined ? undefined : times[index];
  if (at === undefined || index === null || index === undefined) return '';
  const values = lines.map((line) => {
    const value = withUnit(line.values[index], unit);
    const band = line.band;
    const spread =
      band === undefined || band.min[index] === band.max[index]
        ? ''
        : ` (${withUnit(band.min[index], unit)} to ${withUnit(band.max[index], unit)})`;
    return `${lines.length > 1 ? `${line.label} ` : ''}${value}${spread}`;
  });
  return `${new Date(at).toLocaleString([], { dateStyle: 'short', timeStyle: 'medium', hour12: false })} · ${values.join(', ')}`;
}
