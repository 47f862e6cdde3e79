/** Each span with its lane, so that two that overlap are never in one. */
export interface InLane<Span> {
  readonly span: Span;
  /** From 0. */
  readonly lane: number;
}

/** The lowest lane that is free where a span begins, in the order of their beginnings. */
export function inLanes<Span extends { readonly fromMs: number; readonly toMs: number | null }>(
  spans: readonly Span[],
): readonly InLane<Span>[] {
  const ends: number[] = [];
  return spans
    .toSorted((a, b) => a.fromMs - b.fromMs)
    .map((span) => {
      const free = ends.findIndex((end) => end <= span.fromMs);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = span.toMs ?? Infinity;
      return { span, lane };
    });
}
