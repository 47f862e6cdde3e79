import type { SilenceMatchers, SilencesAnswer, SilenceView } from '../../../answers/alerts.ts';
import type { DoneAnswer } from '../../../answers/policies.ts';
import { del } from '../../api.ts';
import { tell } from '../../notice.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { Moment } from '../../parts/time.tsx';
import { AnswerState } from '../answer-state.tsx';
import { useAnswer } from '../use-answer.ts';

const EVERY_MS = 5000;

/** What is kept quiet, until when and by whom. */
export function Silences() {
  const loaded = useAnswer<SilencesAnswer>('api/silences', {}, EVERY_MS);
  const silences = loaded.value?.silences ?? [];
  return (
    <section aria-label="Silences">
      <h2>Silences</h2>
      <AnswerState loaded={loaded} what="the silences" />
      {loaded.value !== undefined && silences.length === 0 && <p class="empty">Nothing is silenced.</p>}
      <ul class="cards">
        {silences.map((silence) => (
          <Silence key={silence.name} silence={silence} onEnd={loaded.reload} />
        ))}
      </ul>
    </section>
  );
}

function Silence({ silence, onEnd }: { silence: SilenceView; onEnd: () => void }) {
  const { name, state, startsAt, endsAt, schedule, comment, createdBy, silencing } = silence;
  async function end(): Promise<void> {
    const answer = await del<DoneAnswer>('api/silences', { query: { name } });
    tell(answer.ok ? { kind: 'done', text: `${name} has ended` } : { kind: 'failed', text: answer.error });
    onEnd();
  }
  return (
    <li class={`card edge-${state === 'active' ? 'info' : 'quiet'}`}>
      <div class="card-head">
        <span class={`badge ${state === 'active' ? 'info' : 'quiet'}`}>{state.toUpperCase()}</span>
        <span class="who">{name}</span>
        <span class="dim">
          {schedule ?? (
            <>
              <Moment at={startsAt} /> to {endsAt === null ? 'for ever' : <Moment at={endsAt} />}
            </>
          )}
        </span>
        <small>{silencing === 0 ? 'holds nothing back now' : `holds ${silencing} back now`}</small>
        {state !== 'expired' && (
          <ActionButton act={end} label={`end silence ${name}`}>
            end silence
          </ActionButton>
        )}
      </div>
      <p class="text">{matcherText(silence.matchers)}</p>
      <p class="dim">
        {comment === '' ? 'no comment' : comment}
        {createdBy !== null && `, by ${createdBy}`}
      </p>
    </li>
  );
}

function matcherText({ policies, rules, severities, containerNames, matchLabels }: SilenceMatchers): string {
  const labels = Object.entries(matchLabels ?? {}).map(([name, value]) => `${name}=${value}`);
  const parts = [
    ['policies', policies],
    ['rules', rules],
    ['severities', severities],
    ['containers', containerNames],
    ['labels', labels],
  ] as const;
  const given = parts.flatMap(([name, values]) =>
    values === undefined || values.length === 0 ? [] : [`${name} ${values.join(', ')}`],
  );
  return given.length === 0 ? 'everything' : given.join('; ');
}
