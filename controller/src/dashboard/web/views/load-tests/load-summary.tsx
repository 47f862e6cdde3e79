import type { LoadTestSummary } from '../../../answers/load-tests.ts';
import { withUnit } from '../../charts/unit.ts';

/** What was measured so far, or in the whole run. */
export function LoadNumbers({ loadTest: { summary, running } }: { loadTest: LoadTestSummary }) {
  if (summary === null) return <p class="empty">nothing measured yet</p>;
  const { requests, rate, errors, errorRate, latency } = summary;
  const facts: readonly (readonly [string, string, string])[] = [
    [running ? 'rate now' : 'rate', withUnit(rate, 'perSecond'), ''],
    ['requests', requests.toLocaleString(), ''],
    ['errors', `${errors.toLocaleString()} (${withUnit(errorRate * 100, 'percent')})`, errors > 0 ? 'critical' : 'ok'],
    ['p50', withUnit(latency?.p50, 'seconds'), ''],
    ['p95', withUnit(latency?.p95, 'seconds'), ''],
    ['p99', withUnit(latency?.p99, 'seconds'), ''],
    ['slowest', withUnit(latency?.max, 'seconds'), ''],
  ];
  return (
    <dl class="counts">
      {facts.map(([name, value, kind]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={kind}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function LoadProgress({ loadTest }: { loadTest: LoadTestSummary }) {
  const { elapsedSeconds, durationSeconds, running, progress } = loadTest;
  if (!running) return null;
  return (
    <p class="load-progress">
      <progress
        max={Math.max(1, durationSeconds)}
        value={Math.min(elapsedSeconds, durationSeconds)}
        aria-label="progress"
      >
        {Math.round(elapsedSeconds)} of {durationSeconds} s
      </progress>{' '}
      <span class="dim">{progress ?? `${Math.round(elapsedSeconds)} of ${durationSeconds} s`}</span>
    </p>
  );
}
