/** Line charts as inline SVG: no script, colours from the page's style. */
import { escapeHtml } from './escape.ts';

export interface Line {
  readonly name: string;
  /** One for each time; undefined leaves a gap. */
  readonly values: readonly (number | undefined)[];
}

export interface Chart {
  readonly title: string;
  /** Seconds since the start. */
  readonly times: readonly number[];
  readonly endSeconds: number;
  /** At most four: as many styles there are. */
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
}

/** About a phone's width, so that text keeps its size there. */
const WIDTH = 360;
const HEIGHT = 190;
const LEFT = 46;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 22;
const TICKS = 4;

export function chartOf({ title, times, endSeconds, lines, format }: Chart): string {
  const step = niceStep(Math.max(...lines.flatMap(({ values }) => values.map((value) => value ?? 0)), 0) / TICKS);
  const top = step * TICKS;
  const x = (seconds: number): number => LEFT + (seconds / Math.max(endSeconds, 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const grid = Array.from({ length: TICKS + 1 }, (_, tick) => {
    const at = y(tick * step).toFixed(1);
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/><text x="${LEFT - 5}" y="${at}" dy="4" text-anchor="end">${escapeHtml(format(tick * step))}</text>`;
  });
  const axis = [0, 0.5, 1].map((part) => {
    const anchor = ['start', 'middle', 'end'][part * 2] ?? 'middle';
    return `<text x="${x(part * endSeconds).toFixed(1)}" y="${HEIGHT - 6}" text-anchor="${anchor}">${time(part * endSeconds)}</text>`;
  });
  const paths = lines.map(
    ({ values }, index) =>
      `<path class="line l${index}" d="${pathOf(
        values.map((value, at) => [times[at] ?? 0, value]),
        x,
        y,
      )}"/>`,
  );
  const legend = lines.map(
    ({ name, values }, index) =>
      `<li><svg viewBox="0 0 20 8" aria-hidden="true"><path class="line l${index}" d="M0 4H20"/></svg>${escapeHtml(name)} <b>${escapeHtml(format(highest(values)))}</b></li>`,
  );
  return `<figure><figcaption>${escapeHtml(title)}</figcaption><ul class="legend" aria-label="highest values">${legend.join('')}</ul>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">${grid.join('')}${axis.join('')}${paths.join('')}</svg></figure>`;
}

function highest(values: readonly (number | undefined)[]): number {
  return Math.max(0, ...values.map((value) => value ?? 0));
}

type Scale = (value: number) => number;

/** A gap begins a new stroke; a point alone is a dot by its round cap. */
function pathOf(points: readonly (readonly [number, number | undefined])[], x: Scale, y: Scale): string {
  let isOpen = false;
  return points
    .map(([at, value]) => {
      if (value === undefined) {
        isOpen = false;
        return '';
      }
      const place = `${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
      const command = isOpen ? `L${place}` : `M${place}h0`;
      isOpen = true;
      return command;
    })
    .join('');
}

/** A round number, at least the given. */
function niceStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

function time(seconds: number): string {
  if (seconds < 120) return `${Number(seconds.toFixed(1))} s`;
  return seconds < 7_200 ? `${Number((seconds / 60).toFixed(1))} min` : `${Number((seconds / 3_600).toFixed(1))} h`;
}
