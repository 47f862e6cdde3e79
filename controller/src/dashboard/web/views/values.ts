/** `cpu = 85.2, up = true`: what an expression used, for people. */
export function valuesText(values: Readonly<Record<string, number | string | boolean>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`)
    .join(', ');
}

const units = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
] as const;

/** `1h 30m`, as in a policy; `0s` for none. */
export function durationText(durationMs: number): string {
  let rest = durationMs;
  const parts: string[] = [];
  for (const [unitMs, unit] of units) {
    const amount = Math.floor(rest / unitMs);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * unitMs;
  }
  return parts.length === 0 ? (rest > 0 ? `${rest}ms` : '0s') : parts.slice(0, 2).join(' ');
}
