let isMoving = false;
let attended: string | undefined;

/** Line or alert that the keys spoke of last: whoever comes back from a container finds it again. */
export const lastActive: { key: string | undefined } = { key: undefined };

/** True once for each line that becomes the active one. A list that is drawn anew takes the focus from nobody. */
export function wantsFocus(key: string | undefined): boolean {
  if (attended === key) return false;
  attended = key;
  return key !== undefined;
}

/** The view is left: when it is back, the active line gets the focus again. */
export function forgetFocus(): void {
  attended = undefined;
}

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
