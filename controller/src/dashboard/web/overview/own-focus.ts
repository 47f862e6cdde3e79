let isMoving = false;

/** Line or alert that the keys spoke of last: whoever comes back from a container finds it again. */
export const lastActive: { key: string | undefined } = { key: undefined };

/** Gives the focus to an element without the page taking it for the person's doing, and without a scroll. */
export function moveFocus(element: HTMLElement | null | undefined): void {
  if (element === null || element === undefined || document.activeElement === element) return;
  isMoving = true;
  element.focus({ preventScroll: true });
  isMoving = false;
}

/** Whether the focus that is just being told of was moved by the page. */
export function isOwnFocus(): boolean {
  return isMoving;
}
