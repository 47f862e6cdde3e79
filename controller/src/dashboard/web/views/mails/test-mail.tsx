import { useState } from 'preact/hooks';
import type { TestMailAnswer } from '../../../answers/mails.ts';
import { post } from '../../api.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';

/** SES may be slow; the answer says how each attempt went. */
const TIMEOUT_MS = 40_000;

/** Sends a mail that says nothing is wrong, to see whether mails arrive. */
export function TestMail({ close }: { close: () => void }) {
  const [to, setTo] = useState('');
  const [outcome, setOutcome] = useState<TestMailAnswer['results'] | string>();
  async function send(): Promise<void> {
    setOutcome(undefined);
    const request = to.trim() === '' ? {} : { to: to.trim() };
    const answer = await post<TestMailAnswer>('api/mails/test', request, { timeoutMs: TIMEOUT_MS });
    setOutcome(answer.ok ? answer.value.results : answer.error);
  }
  return (
    <Dialog title="Test mail" close={close}>
      <p>
        <label class="wide">
          to{' '}
          <input
            type="email"
            value={to}
            placeholder="the recipients of the settings"
            onInput={(event) => setTo(event.currentTarget.value)}
          />
        </label>
      </p>
      <p class="buttons">
        <ActionButton kind="primary" act={send}>
          send
        </ActionButton>
      </p>
      <div role="status">
        {typeof outcome === 'string' && <p class="failure">{outcome}</p>}
        {typeof outcome === 'object' && (
          <ul class="plain">
            {outcome.map(({ recipient, sent, message }) => (
              <li key={recipient}>
                <span class="text">{recipient}</span>{' '}
                <strong class={sent ? 'ok' : 'critical'}>{sent ? 'sent' : 'refused'}</strong> <small>{message}</small>
              </li>
            ))}
            {outcome.length === 0 && <li class="empty">nobody is set to be told: give an address</li>}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
