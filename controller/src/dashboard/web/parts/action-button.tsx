import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useSession, whyReadOnly } from '../session.ts';

export interface ActionButtonProps {
  readonly children: ComponentChildren;
  /** Does it; the button rests until it is done. It must not throw: requests are values (see api.ts). */
  readonly act: () => Promise<void>;
  /** Why it cannot be done now, whoever asks. */
  readonly refusal?: string | undefined;
  /** For screen readers, when the text alone does not say about what. */
  readonly label?: string | undefined;
  readonly kind?: 'plain' | 'primary' | 'danger' | 'brief';
}

/** A button that changes something. Who may only look sees it with the reason why it is off. */
export function ActionButton({ children, act, refusal, label, kind = 'plain' }: ActionButtonProps) {
  const [isBusy, setBusy] = useState(false);
  const why = refusal ?? whyReadOnly(useSession());
  const isOff = isBusy || why !== undefined;
  return (
    <button
      type="button"
      class={`button ${kind}`}
      // Not `disabled`: that would take it out of the reach of the keyboard, and the reason with it.
      aria-disabled={isOff}
      aria-busy={isBusy}
      title={why}
      aria-label={label === undefined || why === undefined ? label : `${label} (${why})`}
      onClick={() => {
        if (isOff) return;
        setBusy(true);
        void act().finally(() => setBusy(false));
      }}
    >
      {children}
    </button>
  );
}
