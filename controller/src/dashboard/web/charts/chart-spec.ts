import type { Severity } from '../../../model/severity.ts';
import type { Bounds } from './time-range.ts';
import type { Unit } from './unit.ts';

/** Names of the theme's colours that lines are drawn in. */
export type LineColour = 'ok' | 'info' | 'warning' | 'critical' | 'dim';

/** One chart: lines of one unit over one range. Columns are of one length; null breaks a line, undefined does not. */
export interface ChartSpec {
  readonly title: string;
  readonly unit: Unit;
  readonly bounds: Bounds;
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  /** The axis reaches at least so far. */
  readonly least: number;
  readonly thresholds: readonly ChartThreshold[];
  readonly spans: readonly ChartSpan[];
  readonly marks: readonly ChartMark[];
}

export interface ChartLine {
  readonly label: string;
  readonly colour: LineColour;
  readonly values: readonly (number | null | undefined)[];
  /** Drawn as a band around the line. */
  readonly band?: { readonly min: readonly (number | null)[]; readonly max: readonly (number | null)[] };
  readonly dashed?: boolean;
}

export interface ChartThreshold {
  readonly value: number;
  readonly severity: Severity;
  readonly label: string;
}

/** A time that is coloured over the whole height. */
export interface ChartSpan {
  readonly fromMs: number;
  /** Null: it still goes on. */
  readonly toMs: number | null;
  readonly kind: Severity | 'load';
  readonly label: string;
}

/** A moment: a line over the whole height with a letter at its head. */
export interface ChartMark {
  readonly at: number;
  readonly kind: 'deploy' | 'restart' | 'crash' | 'change';
  readonly label: string;
}

/** A threshold that the values do not come near would press them flat: it is said in words instead. */
const NEAR_THRESHOLD = 0.25;
const HEADROOM = 1.08;

/** The top of the axis. */
export function topOf(spec: Pick<ChartSpec, 'lines' | 'thresholds' | 'least' | 'unit'>): number {
  const highest = highestOf(spec.lines);
  const near = spec.thresholds.map(({ value }) => value).filter((value) => highest >= value * NEAR_THRESHOLD);
  const top = Math.max(spec.least, highest * HEADROOM, ...near.map((value) => value * HEADROOM));
  return spec.unit === 'percent' && highest <= 100 ? Math.min(top, 105) : top;
}

/** Thresholds that lie above what the axis shows. */
export function thresholdsAbove(spec: ChartSpec): readonly ChartThreshold[] {
  const top = topOf(spec);
  return spec.thresholds.filter(({ value }) => value > top);
}

function highestOf(lines: readonly ChartLine[]): number {
  let highest = 0;
  for (const { values, band } of lines) {
    for (const value of band?.max ?? values) highest = Math.max(highest, value ?? 0);
  }
  return highest;
}
