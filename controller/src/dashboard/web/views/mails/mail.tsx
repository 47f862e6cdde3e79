import type { MailRecipient, MailView } from '../../../answers/mails.ts';
import { Mark, type MarkKind } from '../../parts/mark.tsx';
import { Moment } from '../../parts/time.tsx';
import { href } from '../../route.ts';
import { router } from '../../router.ts';
import { stateWords } from './mail-words.ts';

const kinds: Readonly<Record<MailView['state'], MarkKind>> = {
  sent: 'ok',
  waiting: 'pending',
  heldBack: 'quiet',
  refused: 'critical',
};

export function Mail({ mail, isOpen }: { mail: MailView; isOpen: boolean }) {
  const { id, at, state, reason, severity, policy, about, subject, recipients, heldBackBy, html } = mail;
  return (
    <li class={`card edge-${kinds[state]} ${isOpen ? 'chosen' : ''}`} data-mail={id}>
      <div class="card-head">
        <Mark kind={kinds[state]} />
        <span class={`badge ${kinds[state]}`}>{stateWords[state].toUpperCase()}</span>
        <Moment at={at} />
        <News severity={severity} reason={reason} />
        {html && (
          <button
            type="button"
            class="button"
            aria-pressed={isOpen}
            aria-label={`${isOpen ? 'close' : 'look at'} ${subject ?? reason}`}
            onClick={() => router.setQuery({ mail: isOpen ? undefined : id })}
          >
            {isOpen ? 'close' : 'look'}
          </button>
        )}
      </div>
      <p class="who">{subject ?? 'never rendered'}</p>
      {heldBackBy !== null && <p class="dim">held back by {heldBackBy}</p>}
      {about.length > 0 && (
        <p>
          {about.slice(0, MAX_ABOUT).map(({ alert, rule, container, host }) => (
            <span key={alert} class="about">
              <a href={href('alerts', [], { alert })}>{rule}</a> of {container} on {host}
            </span>
          ))}
          {about.length > MAX_ABOUT && <small>and {about.length - MAX_ABOUT} more</small>}
        </p>
      )}
      <ul class="plain">
        {recipients.map((recipient) => (
          <Recipient key={recipient.recipient} recipient={recipient} />
        ))}
      </ul>
      <small>policy {policy === '' ? '-' : <a href={href('policies', [policy])}>{policy}</a>}</small>
    </li>
  );
}

const MAX_ABOUT = 5;

/** The subject is that of the thread: that something is over stands here. */
function News({ severity, reason }: Pick<MailView, 'severity' | 'reason'>) {
  const isOver = reason === 'resolved';
  return (
    <>
      <span class={isOver ? 'dim' : severity}>{severity}</span> <small class={isOver ? 'ok' : ''}>{reason}</small>
    </>
  );
}

function Recipient({ recipient: { recipient, state, messageId, reason, attempts } }: { recipient: MailRecipient }) {
  return (
    <li>
      <span class="text">{recipient}</span>{' '}
      <span class={kinds[state]}>
        {stateWords[state]}
        {reason !== null && `: ${reason}`}
      </span>{' '}
      <small>
        {attempts > 1 && `${attempts} attempts `}
        {messageId !== null && `id ${messageId}`}
      </small>
    </li>
  );
}
