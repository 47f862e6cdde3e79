import { useMemo } from 'preact/hooks';

export interface SparklineProps {
  /** Oldest first. */
  readonly values: readonly number[];
  /** Value at the top. */
  readonly highest: number;
  /** Colour: how the newest value is judged. */
  readonly level?: string;
  /** Where a rule draws its line. */
  readonly threshold?: number | null;
}

const WIDTH = 72;
const HEIGHT = 18;

/** The recent past in one line; the newest value is at the right, the ground is zero. The number beside it is the text. */
export function Sparkline({ values, highest, level = 'ok', threshold = null }: SparklineProps) {
  const points = useMemo(() => pointsOf(values, highest), [values, highest]);
  const hasLine = values.length > 1;
  return (
    <svg
      class={`sparkline ${level}`}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
    >
      {hasLine && <polygon points={`0,${HEIGHT} ${points} ${WIDTH},${HEIGHT}`} />}
      {hasLine && <polyline points={points} />}
      {threshold !== null && threshold <= highest && (
        <line class="threshold" x1="0" x2={WIDTH} y1={y(threshold, highest)} y2={y(threshold, highest)} />
      )}
    </svg>
  );
}

function pointsOf(values: readonly number[], highest: number): string {
  const step = WIDTH / Math.max(1, values.length - 1);
  return values.map((value, index) => `${(index * step).toFixed(1)},${y(value, highest).toFixed(1)}`).join(' ');
}

function y(value: number, highest: number): number {
  const share = Math.min(1, Math.max(0, value / highest));
  return HEIGHT - 1 - share * (HEIGHT - 2);
}
