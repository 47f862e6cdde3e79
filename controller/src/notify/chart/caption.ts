import type { Chart } from '../../model/chart.ts';
import { cleanLine } from '../render/clean.ts';
import { formatSpan } from '../render/format-time.ts';
import { scaleOf } from './scale.ts';

/** A chart in words: around the picture, in its place where pictures are not shown, and in plain text. */
export interface Caption {
  /** `CPU, last 1 h`. */
  readonly title: string;
  /** `lowest 12 %, highest 92.1 %, last 85.2 %; threshold 80 %`. */
  readonly summary: string;
  /** Bottom and top of the picture: `0 to 100 %`. */
  readonly range: string;
}

const MAX_LABEL_LENGTH = 40;

/** Undefined when there is no past to speak of: one value stands in the table of metrics. */
export function captionOf(chart: Chart): Caption | undefined {
  const { label, unit, points, fromMs, toMs, threshold } = chart;
  const last = points.at(-1);
  if (last === undefined || points.length < 2) return undefined;
  let lowest = last.value;
  let highest = last.value;
  for (const { value } of points) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  const bound = threshold === undefined ? '' : `; threshold ${amount(threshold, unit)}`;
  const { least, most } = scaleOf(chart);
  return {
    title: `${cleanLine(label, MAX_LABEL_LENGTH)}, last ${formatSpan(toMs - fromMs)}`,
    summary: `lowest ${amount(lowest, unit)}, highest ${amount(highest, unit)}, last ${amount(last.value, unit)}${bound}`,
    range: `${amount(least, '')} to ${amount(most, unit)}`,
  };
}

/** `85.2 %`, `0.234 s`, `3`: three digits that mean something. */
function amount(value: number, unit: string): string {
  const magnitude = Math.abs(value);
  const digits = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3;
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toFixed(digits)));
  return unit === '' ? text : `${text} ${cleanLine(unit, MAX_LABEL_LENGTH)}`;
}
