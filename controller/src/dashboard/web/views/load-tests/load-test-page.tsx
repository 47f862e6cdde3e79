import { useMemo } from 'preact/hooks';
import type { LoadImpactView, LoadTestAnswer } from '../../../answers/load-tests.ts';
import { Chart } from '../../charts/chart.tsx';
import type { ChartSpec } from '../../charts/chart-spec.ts';
import { summaryOf } from '../../charts/series.ts';
import { withUnit } from '../../charts/unit.ts';
import { Mark } from '../../parts/mark.tsx';
import { Moment } from '../../parts/time.tsx';
import { href } from '../../route.ts';
import { AnswerState } from '../answer-state.tsx';
import { useAnswer } from '../use-answer.ts';
import { boundsOfRun, doubtsOf, impactChart, loadCharts } from './load-charts.ts';
import { LoadNumbers, LoadProgress } from './load-summary.tsx';
import { isOn, isOver, loadKind, loadWord } from './load-words.ts';
import { RunAgainButton } from './run-again-button.tsx';
import { StopButton } from './stop-button.tsx';

const EVERY_MS = 2000;

/** One load test: live while it runs, its report when it is done. */
export function LoadTestPage({ loadTestKey }: { loadTestKey: string }) {
  const loaded = useAnswer<LoadTestAnswer>('api/load-test', { key: loadTestKey }, EVERY_MS);
  const answer = loaded.value;
  return (
    <div class="view">
      <div class="view-head">
        <h1>
          <a href={href('load-tests')}>Load tests</a> / <span class="who">{loadTestKey}</span>
        </h1>
        {answer !== undefined && (
          <p class="buttons">
            {isOn(answer.loadTest) && <StopButton loadTestKey={loadTestKey} onStop={loaded.reload} />}
            {isOver(answer.loadTest) && <RunAgainButton yaml={answer.yaml} onStart={loaded.reload} />}
          </p>
        )}
      </div>
      <AnswerState loaded={loaded} what="the load test" />
      {answer !== undefined && <Report answer={answer} />}
    </div>
  );
}

function Report({ answer }: { answer: LoadTestAnswer }) {
  const { loadTest, thresholds, alerts } = answer;
  const kind = loadKind(loadTest);
  const doubts = doubtsOf(answer);
  return (
    <>
      <p>
        <Mark kind={kind} /> <span class={`badge ${kind}`}>{loadWord(loadTest)}</span>{' '}
        <span class="text">{loadTest.message ?? loadTest.reason ?? ''}</span>
      </p>
      <p class="dim">
        {loadTest.url}
        {loadTest.level !== null && `, level ${loadTest.level}`}
        {loadTest.startedAt !== null && (
          <>
            , began <Moment at={loadTest.startedAt} />
          </>
        )}
        {loadTest.completedAt !== null && (
          <>
            , ended <Moment at={loadTest.completedAt} />
          </>
        )}
      </p>
      <LoadProgress loadTest={loadTest} />
      <LoadNumbers loadTest={loadTest} />
      {doubts.length > 0 && (
        <div class="failure doubts">
          <strong>Read these numbers with care:</strong>
          <ul>
            {doubts.map((doubt) => (
              <li key={doubt}>{doubt}</li>
            ))}
          </ul>
        </div>
      )}
      <RunCharts answer={answer} />
      <Thresholds thresholds={thresholds} isFinal={loadTest.phase === 'finished'} />
      {alerts.length > 0 && (
        <section aria-label="Alerts while it ran">
          <h2>Alerts while it ran</h2>
          <ul class="plain">
            {alerts.map(({ name, rule, severity, container }) => (
              <li key={name}>
                <Mark kind={severity} /> <span class={severity}>{severity}</span> {rule} of {container}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Endpoints answer={answer} />
      <details>
        <summary>YAML</summary>
        <pre tabIndex={0}>{answer.yaml}</pre>
      </details>
    </>
  );
}

function Thresholds({ thresholds, isFinal }: Pick<LoadTestAnswer, 'thresholds'> & { readonly isFinal: boolean }) {
  return (
    <section aria-label="Thresholds">
      <h2>Thresholds</h2>
      {thresholds.length === 0 && <p class="empty">it has none: it passes when it runs to its end</p>}
      <ul class="plain">
        {thresholds.map(({ name, expr, passed, observed }) => (
          <li key={name}>
            <Mark kind={passed === null ? 'unknown' : passed ? 'ok' : 'critical'} />{' '}
            <strong class={passed === null ? 'unknown' : passed ? 'ok' : 'critical'}>
              {passed === null ? 'open' : passed ? (isFinal ? 'passed' : 'holds so far') : 'FAILED'}
            </strong>{' '}
            <span class="who">{name}</span> <code>{expr}</code> <small>{observed}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Load and its effect, one above the other on one time. */
function RunCharts({ answer }: { answer: LoadTestAnswer }) {
  const specs = useMemo(() => {
    const bounds = boundsOfRun(answer, Date.now());
    const load = answer.series === null ? [] : loadCharts(answer.series, bounds);
    return { load, impact: answer.impact.map((impact) => ({ impact, spec: impactChart(impact, bounds) })) };
  }, [answer]);
  return (
    <section aria-label="Course of the test">
      <h2>Load and its effect</h2>
      {answer.series === null && (
        <p class="empty">
          {answer.loadTest.phase === 'finished'
            ? 'its report has no course, second by second'
            : 'what it sends and what that does is drawn here as soon as it runs'}
        </p>
      )}
      <div class="load-charts">
        {specs.load.map((spec) => (
          <Chart key={spec.title} spec={spec} summary={summaryOfSpec(spec)} />
        ))}
        {specs.impact.map(({ impact, spec }) => (
          <div key={impact.container}>
            <Chart spec={spec} summary={summaryOfSpec(spec)} />
            <Impact impact={impact} />
          </div>
        ))}
      </div>
    </section>
  );
}

function summaryOfSpec({ times, lines }: ChartSpec) {
  const values = lines[0]?.values ?? [];
  const points = times.flatMap((at, index) => {
    const value = values[index];
    return value === null || value === undefined ? [] : [{ at, min: value, mean: value, max: value }];
  });
  return summaryOf({ resolutionMs: 0, points });
}

function Impact({ impact: { container, target, cpu, memory, restarts } }: { impact: LoadImpactView }) {
  return (
    <p class="dim">
      {target === null ? container : <a href={href('container', [target])}>{container}</a>}
      {cpu !== null && `: CPU ${withUnit(cpu.avg, 'percent')} on average, ${withUnit(cpu.max, 'percent')} at most`}
      {memory !== null && `; memory ${withUnit(memory.avg, 'percent')}, ${withUnit(memory.max, 'percent')} at most`}
      {restarts !== null && restarts > 0 && <strong class="critical">; {restarts} restarts</strong>}
    </p>
  );
}

function Endpoints({ answer: { endpoints } }: { answer: LoadTestAnswer }) {
  if (endpoints.length === 0) return null;
  return (
    <section aria-label="Endpoints">
      <h2>Endpoints</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Endpoints, table">
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">endpoint</th>
              <th scope="col">requests</th>
              <th scope="col">errors</th>
              <th scope="col">p95</th>
            </tr>
          </thead>
          <tbody>
            {endpoints.map(({ method, path, requests, errors, p95Seconds }) => (
              <tr key={`${method} ${path}`}>
                <th scope="row">
                  {method} {path}
                </th>
                <td>{requests.toLocaleString()}</td>
                <td class={errors > 0 ? 'critical' : ''}>{errors.toLocaleString()}</td>
                <td>{withUnit(p95Seconds, 'seconds')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
