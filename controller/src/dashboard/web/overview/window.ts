/** Which lines of a long list are drawn: from `first` up to, not with, `end`. */
export interface LineWindow {
  readonly first: number;
  readonly end: number;
}

export interface Viewport {
  /** How far the top of the list is above the top of the screen; negative while it is below. */
  readonly aboveTop: number;
  readonly height: number;
}

/** Drawn beyond each edge, so that a quick scroll shows no gap. */
const OVERSCAN_LINES = 8;
/** Short lists are drawn whole: the browser's own search then finds all of it. */
const WHOLE_LINES = 120;

export function lineWindow(lines: number, lineHeight: number, { aboveTop, height }: Viewport): LineWindow {
  if (lines <= WHOLE_LINES) return { first: 0, end: lines };
  // Steps of the overscan: most scroll events then change nothing.
  const top = Math.floor(aboveTop / lineHeight / OVERSCAN_LINES) * OVERSCAN_LINES;
  const bottom = Math.ceil((aboveTop + height) / lineHeight / OVERSCAN_LINES) * OVERSCAN_LINES;
  const first = clamp(top - OVERSCAN_LINES, 0, lines);
  return { first, end: clamp(bottom + OVERSCAN_LINES, first, lines) };
}

/** How far to scroll so that the line is seen whole; 0 when it is. `margin` is what covers the edges. */
export function scrollBy(index: number, lineHeight: number, { aboveTop, height }: Viewport, margin: number): number {
  const top = index * lineHeight - aboveTop;
  if (top < margin) return top - margin;
  const below = top + lineHeight + margin - height;
  return Math.max(0, below);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
