/** Numbers as people read them. */

/** Three significant digits: 0.84ms, 12.3ms, 1.02s. */
export function time(seconds: number): string {
  if (seconds >= 0.9995) return `${seconds.toFixed(2)}s`;
  const milliseconds = seconds * 1_000;
  if (milliseconds >= 99.95) return `${milliseconds.toFixed(0)}ms`;
  return `${milliseconds.toFixed(milliseconds >= 9.995 ? 1 : 2)}ms`;
}

export function percent(part: number): string {
  return `${(part * 100).toFixed(part > 0 && part < 0.1 ? 2 : 1)}%`;
}

export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  if (count < 1_000_000) return `${(count / 1_000).toFixed(1)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}
