import type { LoadTestsAnswer, LoadTestSummary } from '../../../answers/load-tests.ts';
import { Mark } from '../../parts/mark.tsx';
import { Age } from '../../parts/time.tsx';
import { href } from '../../route.ts';
import { AnswerState } from '../answer-state.tsx';
import { useAnswer } from '../use-answer.ts';
import { LoadNumbers, LoadProgress } from './load-summary.tsx';
import { isOn, loadKind, loadWord } from './load-words.ts';
import { StopButton } from './stop-button.tsx';

const EVERY_MS = 2000;

export function LoadTestList() {
  const loaded = useAnswer<LoadTestsAnswer>('api/load-tests', {}, EVERY_MS);
  const answer = loaded.value;
  return (
    <div class="view">
      <div class="view-head">
        <h1>Load tests</h1>
        <p class="buttons">
          <a class="button primary" href={href('load-tests', ['new'])}>
            start one
          </a>
        </p>
      </div>
      <AnswerState loaded={loaded} what="the load tests" />
      {typeof answer?.unavailable === 'string' && <p class="failure">None can be started: {answer.unavailable}</p>}
      {answer?.loadTests.length === 0 && (
        <p class="empty">
          None yet: <a href={href('load-tests', ['new'])}>start one</a> from a sample.
        </p>
      )}
      <ul class="cards">
        {answer?.loadTests.map((loadTest) => (
          <LoadTest key={loadTest.key} loadTest={loadTest} onStop={loaded.reload} />
        ))}
      </ul>
    </div>
  );
}

function LoadTest({ loadTest, onStop }: { loadTest: LoadTestSummary; onStop: () => void }) {
  const { key, url, level, startedAt, completedAt, message, schedule } = loadTest;
  const kind = loadKind(loadTest);
  return (
    <li class={`card edge-${kind}`} data-load-test={key}>
      <div class="card-head">
        <Mark kind={kind} />
        <span class={`badge ${kind}`}>{loadWord(loadTest)}</span>
        <a class="who" href={href('load-tests', [key])}>
          {key}
        </a>
        <span class="dim">
          {level === null ? '' : `${level}, `}
          {url}
        </span>
        <small>
          {completedAt === null ? (
            startedAt === null ? (
              'not started'
            ) : (
              <>
                since <Age from={startedAt} />
              </>
            )
          ) : (
            <>
              <Age from={completedAt} /> ago
            </>
          )}
          {schedule !== null && `, schedule ${schedule}`}
        </small>
        {isOn(loadTest) && <StopButton loadTestKey={key} onStop={onStop} />}
      </div>
      <LoadProgress loadTest={loadTest} />
      {loadTest.summary !== null && <LoadNumbers loadTest={loadTest} />}
      {message !== null && <p class="text">{message}</p>}
    </li>
  );
}
