/** `-` stands for what is not known. */
export const UNKNOWN = '-';

export function percent(value: number | null): string {
  return value === null ? UNKNOWN : `${value.toFixed(1)}%`;
}

export function seconds(value: number | null): string {
  return value === null ? UNKNOWN : `${value.toFixed(3)}s`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(value: number | null): string {
  if (value === null) return UNKNOWN;
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${(value / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** `3d 4h`, `2h 5m`, `12m`, `40s`: the two largest parts. */
export function age(fromMs: number | null, nowMs: number): string {
  if (fromMs === null) return UNKNOWN;
  const total = Math.max(0, Math.floor((nowMs - fromMs) / 1000));
  const parts = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'm'],
    [total % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return '0s';
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(' ');
}

export function clockTime(epochMs: number | null): string {
  return epochMs === null ? UNKNOWN : new Date(epochMs).toLocaleTimeString([], { hour12: false });
}

/** `22 Nov 20:51:07`, in the zone and language of the person. */
export function dateTime(epochMs: number | null): string {
  if (epochMs === null) return UNKNOWN;
  const day = new Date(epochMs).toLocaleDateString([], { day: 'numeric', month: 'short' });
  return `${day} ${clockTime(epochMs)}`;
}

export function isoTime(epochMs: number | null): string {
  return epochMs === null ? '' : new Date(epochMs).toISOString();
}
