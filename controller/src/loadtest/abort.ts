import type { ActiveRun, Ending } from '../model/load-run.ts';
import type { LoadTest, ThresholdVerdict } from '../model/load-test.ts';

export interface AbortFacts {
  readonly test: Pick<LoadTest, 'thresholds'>;
  readonly verdicts: readonly ThresholdVerdict[];
  readonly now: number;
}

/** A threshold that ends the test when it fails, and has failed past its delay. */
export function abortOf({ test, verdicts, now }: AbortFacts, { startedAt }: ActiveRun): Ending | undefined {
  const deadly = new Map(
    test.thresholds
      .filter(({ abortOnFail, delayAbortMs }) => abortOnFail && now - startedAt >= delayAbortMs)
      .map((one) => [one.name, one]),
  );
  const failed = verdicts.find(({ name, passed }) => passed === false && deadly.has(name));
  if (failed === undefined) return undefined;
  const { name, observed, aboutAlerts } = failed;
  const expr = deadly.get(name)?.expr ?? '';
  return {
    reason: aboutAlerts ? 'AbortedOnAlert' : 'AbortedOnThreshold',
    message: `${name}: ${expr} does not hold${observed === '' ? '' : ` (${observed})`}`,
  };
}
