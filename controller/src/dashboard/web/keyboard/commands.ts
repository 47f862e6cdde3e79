import { useLayoutEffect, useRef } from 'preact/hooks';
import { initialKeys, readKey, type Command } from './keys.ts';

export type Handlers = Readonly<Partial<Record<Command, () => void>>>;

/** The newest comes first: a dialog answers before the view below it. */
const stack: { readonly handlers: () => Handlers }[] = [];

/** Answers keys while the component is shown: `useCommands({ down: next, up: previous })`. */
export function useCommands(handlers: Handlers): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  // With the lines, not a moment after: the first key may come as soon as they are seen.
  useLayoutEffect(() => {
    const entry = { handlers: () => latest.current };
    stack.push(entry);
    return () => {
      stack.splice(stack.indexOf(entry), 1);
    };
  }, []);
}

/** Gives back a function that ends it. */
export function startKeyboard(): () => void {
  let state = initialKeys;
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const read = readKey(state, {
      key: event.key,
      inField: isField(event.target),
      onControl: isControl(event.target),
      withModifier: event.ctrlKey || event.altKey || event.metaKey,
      at: Date.now(),
    });
    state = read.state;
    if (read.command !== undefined && run(read.command)) event.preventDefault();
  };
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}

function run(command: Command): boolean {
  const handler = stack.findLast(({ handlers }) => handlers()[command] !== undefined)?.handlers()[command];
  handler?.();
  return handler !== undefined;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('a[href], button, summary, [role="button"]');
}
