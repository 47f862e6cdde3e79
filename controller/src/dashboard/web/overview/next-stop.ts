/** The neighbour of the present stop; the first when there is none or it is gone. At the ends it stays. */
export function nextStop(stops: readonly string[], present: string | undefined, step: 1 | -1): string | undefined {
  const at = present === undefined ? -1 : stops.indexOf(present);
  if (at < 0) return stops[0];
  return stops[Math.min(stops.length - 1, Math.max(0, at + step))];
}
