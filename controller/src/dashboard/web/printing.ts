import { createCell, type Cell } from './cell.ts';

/** On paper all lines are drawn, not only those on screen. */
export const isPrinting: Cell<boolean> = createCell(false);

/** `redraw` must draw at once: the browser takes the picture when the listener returns. */
export function startPrinting(redraw: () => void): () => void {
  const before = (): void => {
    isPrinting.set(true);
    redraw();
  };
  globalThis.addEventListener('beforeprint', before);
  globalThis.addEventListener('afterprint', after);
  return () => {
    globalThis.removeEventListener('beforeprint', before);
    globalThis.removeEventListener('afterprint', after);
  };
}

function after(): void {
  isPrinting.set(false);
}
