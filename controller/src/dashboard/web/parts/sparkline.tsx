const WIDTH = 90;
const HEIGHT = 18;

/** The recent past in one line; the newest value is at the right. */
export function Sparkline({ values, highest, label }: { values: readonly number[]; highest: number; label: string }) {
  if (values.length < 2) return <svg class="sparkline" width={WIDTH} height={HEIGHT} aria-hidden="true" />;
  const step = WIDTH / (values.length - 1);
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${y(value, highest).toFixed(1)}`).join(' ');
  return (
    <svg
      class="sparkline"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`recent ${label}`}
    >
      <polyline points={points} />
    </svg>
  );
}

function y(value: number, highest: number): number {
  const share = Math.min(1, Math.max(0, value / highest));
  return HEIGHT - 1 - share * (HEIGHT - 2);
}
