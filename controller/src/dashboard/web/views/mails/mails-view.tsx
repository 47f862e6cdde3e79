import { useState } from 'preact/hooks';
import type { MailsAnswer } from '../../../answers/mails.ts';
import { useLiveView } from '../../live/live.ts';
import { Moment } from '../../parts/time.tsx';
import type { ViewProps } from '../../route.ts';
import { router } from '../../router.ts';
import { AnswerState } from '../answer-state.tsx';
import { useAnswer } from '../use-answer.ts';
import { Budget } from './budget.tsx';
import { mailStates, stateWords } from './mail-words.ts';
import { Mail } from './mail.tsx';
import { Rendered } from './rendered.tsx';
import { TestMail } from './test-mail.tsx';
import '../views.css';
import './mails.css';

const EVERY_MS = 5000;

/** `#/mails?state=refused&mail=ID`: what was sent, held back and refused, and how it looks. */
export function MailsView({ params: { query } }: ViewProps) {
  const loaded = useAnswer<MailsAnswer>('api/mails', {}, EVERY_MS);
  const budget = useLiveView()?.email.budget;
  const [isTesting, setTesting] = useState(false);
  return (
    <div class="view mails-view">
      <div class="view-head">
        <h1>Mails</h1>
        <p class="buttons">
          <button type="button" class="button" onClick={() => setTesting(true)}>
            send a test mail ...
          </button>
        </p>
      </div>
      {isTesting && <TestMail close={() => setTesting(false)} />}
      {loaded.value !== undefined && <Channel email={loaded.value.email} />}
      {budget !== undefined && <Budget budget={budget} />}
      <AnswerState loaded={loaded} what="the mails" />
      {loaded.value !== undefined && <Mails answer={loaded.value} state={query['state']} openId={query['mail']} />}
    </div>
  );
}

function Channel({ email: { configured, message, waiting } }: Pick<MailsAnswer, 'email'>) {
  return (
    <p class={configured ? 'dim' : 'failure'}>
      {configured ? '' : 'Nobody can be told: '}
      {message}
      {waiting > 0 && `, ${waiting} waiting`}
    </p>
  );
}

interface MailsProps {
  readonly answer: MailsAnswer;
  readonly state: string | undefined;
  readonly openId: string | undefined;
}

function Mails({ answer, state, openId }: MailsProps) {
  const mails = answer.mails.filter((mail) => state === undefined || mail.state === state);
  const open = answer.mails.find(({ id }) => id === openId);
  return (
    <>
      <div class="tools" role="search" aria-label="Filter of the mails">
        <label>
          show{' '}
          <select value={state ?? ''} onChange={(event) => router.setQuery({ state: event.currentTarget.value })}>
            <option value="">all</option>
            {mailStates.map((name) => (
              <option key={name} value={name}>
                {stateWords[name]}
              </option>
            ))}
          </select>
        </label>
        <span class="dim" role="status">
          {mails.length} {mails.length === 1 ? 'mail' : 'mails'} since <Moment at={answer.since} />
        </span>
      </div>
      {mails.length === 0 && (
        <p class="empty">{answer.mails.length === 0 ? 'None yet: nothing had to be told.' : 'None in this state.'}</p>
      )}
      <div class={open === undefined ? '' : 'mail-columns'}>
        <ul class="cards">
          {mails.map((mail) => (
            <Mail key={mail.id} mail={mail} isOpen={mail.id === openId} />
          ))}
        </ul>
        {open !== undefined && <Rendered key={open.id} mail={open} />}
      </div>
    </>
  );
}
