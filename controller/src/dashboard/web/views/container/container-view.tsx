import { useState } from 'preact/hooks';
import type { ContainerAnswer } from '../../../answers/container.ts';
import { acknowledge } from '../../actions/alert-actions.ts';
import { useLiveView } from '../../live/live.ts';
import { stateKind, stateWord } from '../../overview/words.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { AlertWords } from '../../parts/alert-words.tsx';
import { Mark } from '../../parts/mark.tsx';
import { SilenceDialog } from '../../parts/silence-dialog.tsx';
import { Age } from '../../parts/time.tsx';
import { href, type ViewProps } from '../../route.ts';
import { AnswerState } from '../answer-state.tsx';
import { useAnswer } from '../use-answer.ts';
import { Charts } from './charts.tsx';
import { ControllerLines } from './controller-lines.tsx';
import { Details } from './details.tsx';
import { LogTail } from './log-tail.tsx';
import { Rules } from './rules.tsx';
import '../views.css';
import './container.css';

const EVERY_MS = 5000;
const noLines: ContainerAnswer['thresholds'] = [];

/** `#/container/ID?range=1h`: all that is known of one container. */
export function ContainerView({ params: { path, query } }: ViewProps) {
  const target = path[0] ?? '';
  const loaded = useAnswer<ContainerAnswer>('api/container', { target }, EVERY_MS);
  const answer = loaded.value;
  if (loaded.status === 404) {
    return (
      <div class="view">
        <h1>Unknown container</h1>
        <p class="text">{target}</p>
        <p class="empty">
          It is not watched, or no longer: <a href={href('overview')}>to the overview</a>
        </p>
      </div>
    );
  }
  return (
    <div class="view container-view">
      {answer === undefined ? <h1 class="text">{target}</h1> : <Head answer={answer} />}
      <AnswerState loaded={loaded} what="the container" />
      {answer !== undefined && <Firing target={target} />}
      {/* What was recorded is there even when the present is not known. */}
      {(answer !== undefined || loaded.error !== undefined) && (
        <Charts target={target} rangeQuery={query['range']} thresholds={answer?.thresholds ?? noLines} />
      )}
      {answer !== undefined && (
        <>
          <Rules rules={answer.rules} />
          <LogTail target={target} refusal={answer.log.available ? undefined : answer.log.reason} />
          <Details answer={answer} />
          <ControllerLines target={answer.container.id} />
        </>
      )}
    </div>
  );
}

function Head({ answer: { container } }: { answer: ContainerAnswer }) {
  const [isSilencing, setSilencing] = useState(false);
  const kind = stateKind(container);
  return (
    <div class="view-head">
      <h1>
        <Mark kind={kind} /> <span class={kind}>{stateWord(container)}</span> <span class="who">{container.name}</span>
      </h1>
      <p class="dim">
        {[container.host, container.namespace, container.note].filter((part) => part !== '').join(' · ')}
        {container.state === 'running' && container.startedAt !== null && (
          <>
            {' '}
            · up for <Age from={container.startedAt} />
          </>
        )}
        {container.loadtest !== null && ` · load test ${container.loadtest.name} drives it`}
      </p>
      <p class="buttons">
        <button type="button" class="button" onClick={() => setSilencing(true)}>
          silence ...
        </button>
      </p>
      {isSilencing && (
        <SilenceDialog
          subject={{ kind: 'target', target: container.id, title: container.name }}
          close={() => setSilencing(false)}
        />
      )}
    </div>
  );
}

/** What fires or is about to, as the live stream tells it. */
function Firing({ target }: { target: string }) {
  const alerts = useLiveView()?.alerts.filter((alert) => alert.target === target && alert.state !== 'resolved') ?? [];
  if (alerts.length === 0) return null;
  return (
    <section aria-label="Alerts of this container">
      <ul class="cards">
        {alerts.map((alert) => {
          const kind = alert.state === 'firing' ? alert.severity : 'pending';
          return (
            <li key={alert.key} class={`card edge-${kind}`}>
              <div class="card-head">
                <Mark kind={kind} />
                <span class={`badge ${alert.state === 'firing' ? alert.severity : 'unknown'}`}>
                  {(alert.state === 'firing' ? alert.severity : alert.state).toUpperCase()}
                </span>
                <a class="who" href={href('alerts', [], { alert: alert.key })}>
                  {alert.rule}
                </a>
                <span class="text">{alert.message}</span>
                <small>
                  <AlertWords alert={alert} />
                </small>
                <ActionButton
                  act={() => acknowledge([alert], alert.acknowledgedBy === null)}
                  label={`${alert.acknowledgedBy === null ? 'acknowledge' : 'unacknowledge'} ${alert.rule}`}
                >
                  {alert.acknowledgedBy === null ? 'acknowledge' : 'unacknowledge'}
                </ActionButton>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
