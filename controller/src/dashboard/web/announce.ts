import { createCell, type Cell } from './cell.ts';

/** `polite` waits for the reader to pause; `assertive` interrupts and is for new critical alerts alone. */
export type Urgency = 'polite' | 'assertive';

/** What the two live regions of the page say. */
export const spoken: Readonly<Record<Urgency, Cell<string>>> = {
  polite: createCell(''),
  assertive: createCell(''),
};

/** Screen readers read it; nobody sees it. */
export function announce(text: string, urgency: Urgency = 'polite'): void {
  // The same text twice is read twice only when it differs: a space at the end is not heard.
  const before = spoken[urgency].get();
  spoken[urgency].set(before === text ? `${text} ` : text);
}
