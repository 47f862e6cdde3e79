import { silence, type SilenceSubject } from '../actions/alert-actions.ts';
import { silenceChoices, silenceWords } from '../actions/silence-choices.ts';
import { ActionButton } from './action-button.tsx';
import { Dialog } from './dialog.tsx';

export function SilenceDialog({ subject, close }: { readonly subject: SilenceSubject; readonly close: () => void }) {
  return (
    <Dialog title="Silence" close={close}>
      <p>
        No mail about <strong>{subject.title}</strong> for
      </p>
      <p class="buttons">
        {silenceChoices.map((choice) => (
          <ActionButton key={choice} kind="primary" act={() => silence(subject, choice).then(close)}>
            {silenceWords[choice]}
          </ActionButton>
        ))}
      </p>
    </Dialog>
  );
}
