import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useCommands } from '../keyboard/commands.ts';

export interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly close: () => void;
}

/** In front of all else; the browser keeps the focus in it, and gives it back after. */
export function Dialog({ title, children, close }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useCommands(noneBelow(close));
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        // The backdrop is the dialog itself; what is in it fills the rest.
        if (event.target === element.current) close();
      }}
    >
      <div class="dialog-body">
        <h2 id={titleId}>{title}</h2>
        {children}
        <button type="button" class="button" onClick={close}>
          close
        </button>
      </div>
    </dialog>
  );
}

function nothing(): void {
  // The key is taken; that is all.
}

/** Keys of the view below rest while it is open. */
function noneBelow(close: () => void) {
  return {
    escape: close,
    down: nothing,
    up: nothing,
    open: nothing,
    filter: nothing,
    acknowledge: nothing,
    silence: nothing,
    collapse: nothing,
    help: nothing,
  };
}
