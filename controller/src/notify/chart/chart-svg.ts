import type { Chart } from '../../model/chart.ts';
import type { Point } from '../../model/metrics.ts';
import { scaleOf } from './scale.ts';

/** Size in the mail; the picture has twice as many pixels, for sharp screens. */
export const CHART_WIDTH = 552;
export const CHART_HEIGHT = 140;

/** Middle tones on no background: readable on the light card and on the dark one. */
const colours = { line: '#2f7fd6', threshold: '#dd4f43', firing: '#dd4f43', grid: '#8a929c' } as const;
const PADDING = 4;
/** A longer silence than this many usual steps is a gap in the line. */
const GAP_STEPS = 4;
/** A minute: an interval of up to 15 s never makes a gap by being late. */
const LEAST_GAP_MS = 60_000;

interface Frame {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
}

/**
 * The chart as SVG: grid, firing span, threshold (dashed) and values. It holds no text, since a server has no fonts to
 * rely on: the mail says it in words around the picture. Undefined when there is nothing to draw a line from.
 */
export function chartSvg(chart: Chart): string | undefined {
  const points = chart.points.filter(
    ({ at, value }) => at >= chart.fromMs && at <= chart.toMs && Number.isFinite(value),
  );
  if (points.length < 2 || !(chart.toMs > chart.fromMs)) return undefined;
  const scale = scaleOf({ ...chart, points });
  const frame: Frame = {
    x: (at) => PADDING + ((at - chart.fromMs) / (chart.toMs - chart.fromMs)) * (CHART_WIDTH - 2 * PADDING),
    y: (value) =>
      CHART_HEIGHT - PADDING - ((value - scale.least) / (scale.most - scale.least)) * (CHART_HEIGHT - 2 * PADDING),
  };
  const parts = [
    ...scale.lines.map((value) => horizontal(frame.y(value), `stroke="${colours.grid}" stroke-opacity="0.35"`)),
    firingSpan(chart, frame),
    values(points, frame),
    threshold(chart, frame),
  ];
  const size = `width="${CHART_WIDTH}" height="${CHART_HEIGHT}" viewBox="0 0 ${CHART_WIDTH} ${CHART_HEIGHT}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} fill="none">${parts.join('')}</svg>`;
}

function horizontal(y: number, style: string): string {
  return `<path d="M${PADDING} ${round(y)}H${CHART_WIDTH - PADDING}" ${style}/>`;
}

function threshold({ threshold: bound }: Chart, { y }: Frame): string {
  if (bound === undefined) return '';
  return horizontal(y(bound), `stroke="${colours.threshold}" stroke-width="1.5" stroke-dasharray="6 4"`);
}

/** Shaded, with an edge where it began. */
function firingSpan({ firingFrom, firingTo, fromMs, toMs }: Chart, { x }: Frame): string {
  const from = x(Math.max(fromMs, Math.min(toMs, firingFrom)));
  const to = x(Math.max(fromMs, Math.min(toMs, firingTo ?? toMs)));
  const height = CHART_HEIGHT - 2 * PADDING;
  const area = `<path d="M${round(from)} ${PADDING}H${round(to)}v${height}H${round(from)}z" fill="${colours.firing}" fill-opacity="0.16"/>`;
  if (firingFrom < fromMs) return area;
  return `${area}<path d="M${round(from)} ${PADDING}v${height}" stroke="${colours.firing}" stroke-width="1.5"/>`;
}

function values(points: readonly Point[], { x, y }: Frame): string {
  const gapMs = Math.max(LEAST_GAP_MS, GAP_STEPS * usualStepMs(points));
  const thin = thinOut(points, x);
  const steps = thin.map(({ at, value }, index) => {
    const before = thin[index - 1];
    const begins = before === undefined || at - before.at > gapMs;
    return `${begins ? 'M' : 'L'}${round(x(at))} ${round(y(value))}`;
  });
  return `<path d="${steps.join('')}" stroke="${colours.line}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>`;
}

function usualStepMs(points: readonly Point[]): number {
  const steps = points.slice(1).map(({ at }, index) => at - (points[index]?.at ?? at));
  return steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
}

/** Lowest and highest of each two pixels, in their order: no peak is lost, and no point is drawn twice. */
function thinOut(points: readonly Point[], x: Frame['x']): readonly Point[] {
  const columns = Map.groupBy(points, ({ at }) => Math.floor(x(at) / 2));
  return [...columns.values()].flatMap((column) => {
    let [lowest] = column;
    let highest = lowest;
    for (const point of column) {
      if (lowest === undefined || point.value < lowest.value) lowest = point;
      if (highest === undefined || point.value > highest.value) highest = point;
    }
    if (lowest === undefined || highest === undefined) return [];
    if (lowest === highest) return [lowest];
    return lowest.at < highest.at ? [lowest, highest] : [highest, lowest];
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
