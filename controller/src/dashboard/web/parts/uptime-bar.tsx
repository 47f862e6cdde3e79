import { useMemo } from 'preact/hooks';

export type UptimeState = 'up' | 'degraded' | 'down' | 'unknown';

const SLOT_WIDTH = 2;
const HEIGHT = 16;
/** Bad times are higher too, so that the bar can be read without colours. */
const tops: Readonly<Record<UptimeState, number>> = { up: 5, degraded: 3, down: 0, unknown: 12 };

/** The last 24 hours in half hours, the present at the right. */
export function UptimeBar({ slots, share }: { readonly slots: readonly UptimeState[]; readonly share: number | null }) {
  const paths = useMemo(() => pathsOf(slots), [slots]);
  const width = Math.max(1, slots.length) * SLOT_WIDTH;
  const text = share === null ? 'uptime of 24 h not known' : `up ${shareText(share)} of 24 h`;
  return (
    <svg
      class="uptime"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width}
      height={HEIGHT}
      preserveAspectRatio="none"
      role="img"
      aria-label={text}
    >
      <title>{text}</title>
      {paths.map(({ state, path }) => (
        <path key={state} class={state} d={path} />
      ))}
    </svg>
  );
}

/** Never rounds a fault away: 99.99 % is not 100 %. */
export function shareText(share: number): string {
  if (share === 1) return '100%';
  const percent = Math.min(99.99, share * 100);
  return `${percent.toFixed(percent >= 99 ? 2 : 1)}%`;
}

/** One path for each state: a few nodes a row, however many slots. */
function pathsOf(slots: readonly UptimeState[]): readonly { readonly state: UptimeState; readonly path: string }[] {
  const paths = new Map<UptimeState, string>();
  for (const [index, state] of slots.entries()) {
    const rectangle = `M${index * SLOT_WIDTH} ${tops[state]}h${SLOT_WIDTH - 0.5}V${HEIGHT}h-${SLOT_WIDTH - 0.5}z`;
    paths.set(state, (paths.get(state) ?? '') + rectangle);
  }
  return [...paths].map(([state, path]) => ({ state, path }));
}
