import { useState } from 'preact/hooks';
import type { AlertStory } from '../../../answers/alerts.ts';
import { acknowledge } from '../../actions/alert-actions.ts';
import type { TimelineRow } from '../../charts/timeline.tsx';
import { ActionButton } from '../../parts/action-button.tsx';
import { Mark } from '../../parts/mark.tsx';
import { SilenceDialog } from '../../parts/silence-dialog.tsx';
import { Age, Moment } from '../../parts/time.tsx';
import { href } from '../../route.ts';
import { durationText, valuesText } from '../values.ts';
import { momentsOf, momentWords, spansOf } from './story.ts';

/** One alert as a row of the timeline, with its story in words below. */
export function alertRow(story: AlertStory, isOpen: boolean): TimelineRow {
  return {
    key: `${story.key}|${story.pendingSince}`,
    head: <Head story={story} />,
    spans: spansOf(story),
    moments: momentsOf(story),
    below: <Story story={story} isOpen={isOpen} />,
  };
}

function Head({ story }: { story: AlertStory }) {
  const { state, severity } = story;
  const kind = state === 'firing' ? severity : state === 'pending' ? 'pending' : 'quiet';
  return (
    <>
      <Mark kind={kind} />{' '}
      <span class={`badge ${state === 'firing' ? severity : 'unknown'}`}>
        {(state === 'firing' ? severity : state).toUpperCase()}
      </span>{' '}
      <strong>{story.rule}</strong>{' '}
      <a class="who" href={href('container', [story.target])}>
        {story.container}
      </a>
    </>
  );
}

function Story({ story, isOpen }: { story: AlertStory; isOpen: boolean }) {
  return (
    <details class="story" open={isOpen}>
      <summary>
        <span class="text">{story.message}</span>{' '}
        <small>
          <Length story={story} />
        </small>
        {story.silencedBy !== null && <small class="badge quiet">silenced by {story.silencedBy}</small>}
        {story.inhibitedBy !== null && <small class="badge quiet">held back by {story.inhibitedBy}</small>}
        {story.acknowledgedBy !== null && <small class="badge quiet">acknowledged by {story.acknowledgedBy}</small>}
      </summary>
      {Object.keys(story.values).length > 0 && <p class="values">{valuesText(story.values)}</p>}
      {story.actions.length > 0 && (
        <ul class="actions" aria-label="Recommended actions">
          {story.actions.map((action) => (
            <li key={action}>→ {action}</li>
          ))}
        </ul>
      )}
      <ol class="moments" aria-label="What happened">
        {story.timeline.map(({ at, kind, severity, reason }) => (
          <li key={`${at}${kind}${reason}`}>
            <Moment at={at} /> <strong class={severity ?? ''}>{momentWords[kind]}</strong>{' '}
            {severity !== null && <small>{severity}</small>} <span class="text">{reason}</span>
          </li>
        ))}
      </ol>
      <p class="dim">
        policy <a href={href('policies', [story.policy])}>{story.policy}</a> on {story.host}
        {story.objectName !== null && `, object ${story.objectName}`}
        {story.resolvedReason !== null && `, ended: ${story.resolvedReason}`}
        {story.rejected !== null && `, mail refused: ${story.rejected}`}
        {story.lastNotifiedAt !== null && (
          <>
            , last mail <Age from={story.lastNotifiedAt} /> ago ({story.notifications})
          </>
        )}
      </p>
      {story.state !== 'resolved' && <Actions story={story} />}
    </details>
  );
}

function Length({ story: { state, since, pendingSince, resolvedAt } }: { story: AlertStory }) {
  if (state === 'resolved' && resolvedAt !== null) return <>for {durationText(resolvedAt - pendingSince)}</>;
  return (
    <>
      since <Moment at={since} />
    </>
  );
}

function Actions({ story }: { story: AlertStory }) {
  const [isSilencing, setSilencing] = useState(false);
  const isAcknowledged = story.acknowledgedBy !== null;
  return (
    <p class="buttons">
      <ActionButton
        act={() => acknowledge([story], !isAcknowledged)}
        label={`${isAcknowledged ? 'no longer acknowledge' : 'acknowledge'} ${story.rule} of ${story.container}`}
      >
        {isAcknowledged ? 'no longer acknowledge' : 'acknowledge'}
      </ActionButton>
      <button
        type="button"
        class="button"
        aria-label={`silence ${story.rule} of ${story.container}`}
        onClick={() => setSilencing(true)}
      >
        silence ...
      </button>
      {isSilencing && (
        <SilenceDialog
          subject={{ kind: 'alert', alertKey: story.key, title: `${story.rule} of ${story.container}` }}
          close={() => setSilencing(false)}
        />
      )}
    </p>
  );
}
