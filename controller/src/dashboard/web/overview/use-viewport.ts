import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { lineWindow, type LineWindow, type Viewport } from './window.ts';

/** Where a list stands on the screen. */
export function viewportOf(list: HTMLElement): Viewport {
  return { aboveTop: -list.getBoundingClientRect().top, height: globalThis.innerHeight };
}

/** The lines to draw; the component is drawn again only when they are others. */
export function useLineWindow(list: RefObject<HTMLElement | null>, lines: number, lineHeight: number): LineWindow {
  const [shown, setShown] = useState<LineWindow>({ first: 0, end: Math.min(lines, FIRST_LINES) });
  useLayoutEffect(() => {
    let frame = 0;
    const measure = (): void => {
      frame = 0;
      if (list.current === null) return;
      const next = lineWindow(lines, lineHeight, viewportOf(list.current));
      setShown((before) => (before.first === next.first && before.end === next.end ? before : next));
    };
    const soon = (): void => {
      if (frame === 0) frame = requestAnimationFrame(measure);
    };
    measure();
    globalThis.addEventListener('scroll', soon, { passive: true });
    globalThis.addEventListener('resize', soon);
    // What stands above the list (alerts, problems) moves it without a scroll.
    const sizes = new ResizeObserver(soon);
    sizes.observe(document.body);
    return () => {
      cancelAnimationFrame(frame);
      globalThis.removeEventListener('scroll', soon);
      globalThis.removeEventListener('resize', soon);
      sizes.disconnect();
    };
  }, [list, lines, lineHeight]);
  return { first: Math.min(shown.first, lines), end: Math.min(shown.end, lines) };
}

/** Before anything was measured. */
const FIRST_LINES = 60;

const phone = globalThis.matchMedia('(width <= 760px)');

/** Whether lines are drawn for a small screen: two rows of text each. */
export function useIsPhone(): boolean {
  const [isPhone, setPhone] = useState(phone.matches);
  useLayoutEffect(() => {
    const listen = (): void => setPhone(phone.matches);
    phone.addEventListener('change', listen);
    return () => phone.removeEventListener('change', listen);
  }, []);
  return isPhone;
}
