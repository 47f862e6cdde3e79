import { useCell } from '../cell.ts';
import { dismiss, notices } from '../notice.ts';
import { Mark } from './mark.tsx';

/** What came of what the person did. */
export function Notices() {
  const shown = useCell(notices);
  if (shown.length === 0) return null;
  return (
    <section class="notices" aria-label="Notices">
      <ul>
        {shown.map(({ id, kind, text, undo }) => (
          <li key={id} class={`notice ${kind}`} role={kind === 'failed' ? 'alert' : undefined}>
            <Mark kind={kind === 'failed' ? 'critical' : 'ok'} />
            <span class="text">
              {kind === 'failed' && <strong>Not done: </strong>}
              {text}
            </span>
            {undo !== undefined && (
              <button
                type="button"
                class="button"
                onClick={() => {
                  dismiss(id);
                  undo();
                }}
              >
                undo
              </button>
            )}
            <button type="button" class="button quiet" aria-label="dismiss" onClick={() => dismiss(id)}>
              ×
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
