import type { LoadTest } from '../model/load-test.ts';

/** Digits of a divided rate: the sum over 100 generators is right to a request in a day. */
const RATE_DIGITS = 6;

/** Arguments of the generator `index` of a test, but for the address: its share of rate and connections. */
export function commandLine(test: LoadTest, index: number): readonly string[] {
  const { parallelism, concurrency } = test;
  const share = Math.floor(concurrency / parallelism) + (index < concurrency % parallelism ? 1 : 0);
  return [
    '--json',
    ['--timeout', `${test.timeoutMs}ms`],
    ['--concurrency', String(Math.max(1, share))],
    ...test.stages.map(({ durationMs, rate, shape }) => [
      '--stage',
      `${durationMs}ms:${Number((rate / parallelism).toFixed(RATE_DIGITS))}:${shape}`,
    ]),
    ...test.endpoints.map(({ method, path, weight }) => ['--endpoint', `${method} ${path}@${weight}`]),
    ...Object.entries(test.headers).map(([name, value]) => ['--header', `${name}: ${value}`]),
  ].flat();
}
