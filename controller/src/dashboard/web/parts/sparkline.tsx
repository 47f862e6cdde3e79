const WIDTH = 90;
const HEIGHT = 18;

/** The recent past in one line; the newest value is at the right, and the ground is zero. */
export function Sparkline({ values, highest, label, level = 'ok' }: SparklineProps) {
  const hasLine = values.length > 1;
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${y(value, highest).toFixed(1)}`).join(' ');
  return (
    <svg
      class={`sparkline ${level}`}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      {...(hasLine ? { role: 'img', 'aria-label': `recent ${label}` } : { 'aria-hidden': 'true' })}
    >
      <line x1="0" y1={HEIGHT - 0.5} x2={WIDTH} y2={HEIGHT - 0.5} />
      {hasLine && <polygon points={`0,${HEIGHT} ${points} ${WIDTH},${HEIGHT}`} />}
      {hasLine && <polyline points={points} />}
    </svg>
  );
}

interface SparklineProps {
  readonly values: readonly number[];
  /** Value at the top. */
  readonly highest: number;
  readonly label: string;
  /** Colour: how the newest value is judged. */
  readonly level?: string;
}

function y(value: number, highest: number): number {
  const share = Math.min(1, Math.max(0, value / highest));
  return HEIGHT - 1 - share * (HEIGHT - 2);
}
