import { ActionButton } from '../../parts/action-button.tsx';
import { lineDiff, type DiffLine } from './line-diff.ts';

interface ConflictProps {
  readonly theirs: string;
  readonly mine: string;
  readonly takeTheirs: () => void;
  readonly keepMine: () => Promise<void>;
}

const signs: Readonly<Record<DiffLine['side'], string>> = { both: ' ', theirs: '-', mine: '+' };

/** Somebody else saved meanwhile: both texts, and the choice. */
export function Conflict({ theirs, mine, takeTheirs, keepMine }: ConflictProps) {
  return (
    <section class="conflict" aria-label="Conflict" role="alert">
      <h2>Somebody else changed it meanwhile</h2>
      <p>
        <span class="theirs">- as it is now</span> <span class="mine">+ as you have it</span>
      </p>
      <pre tabIndex={0}>
        {lineDiff(theirs, mine).map(({ side, text }, index) => (
          <span key={index} class={side}>
            {signs[side]} {text}
            {'\n'}
          </span>
        ))}
      </pre>
      <p class="buttons">
        <button type="button" class="button" onClick={takeTheirs}>
          go on with theirs
        </button>
        <ActionButton kind="danger" act={keepMine}>
          save mine over it
        </ActionButton>
      </p>
    </section>
  );
}
