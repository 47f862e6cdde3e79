import type { Chart } from '../../model/chart.ts';

/** The vertical range of a chart and where its lines are. */
export interface Scale {
  readonly least: number;
  readonly most: number;
  /** Values of the horizontal lines. */
  readonly lines: readonly number[];
}

/** Room above the highest value, so that it does not touch the frame. */
const HEADROOM = 1.05;
const MOST_STEPS = 4;

/** From zero (or below, for values below) to a round number over the highest value and the threshold. */
export function scaleOf({ points, threshold }: Chart): Scale {
  let least = Math.min(0, threshold ?? 0);
  let highest = Math.max(0, threshold ?? 0);
  for (const { value } of points) {
    least = Math.min(least, value);
    highest = Math.max(highest, value);
  }
  const step = roundStep((highest * HEADROOM - least) / MOST_STEPS);
  const bottom = Math.floor(least / step) * step;
  const count = Math.max(1, Math.ceil((highest * HEADROOM - bottom) / step));
  return {
    least: bottom,
    most: bottom + count * step,
    lines: Array.from({ length: count + 1 }, (_, index) => bottom + index * step),
  };
}

/** The next of 1, 2, 2.5, 5 times a power of ten that is not below. */
function roundStep(atLeast: number): number {
  if (!(atLeast > 0) || !Number.isFinite(atLeast)) return 1;
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= atLeast * 0.999) ?? 10;
  return factor * power;
}
