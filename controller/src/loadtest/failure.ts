import type { Generator, Output } from './launcher.ts';

/** One of the generators that should be there, as far as it can be seen. */
export interface SeenGenerator {
  readonly index: number;
  readonly generator: Generator | undefined;
  readonly output: Output | undefined;
  readonly isSilent: boolean;
}

/** Exit codes of the generator that leave a report which counts: the plan was carried out, or nobody answered. */
const CODES_WITH_RESULT: ReadonlySet<number> = new Set([0, 3]);

/**
 * Why the run cannot give a whole result any more, for people; undefined when it can.
 * @param isAway whether an engine cannot be seen, so that a generator that is not listed may live
 */
export function findFailure(seen: readonly SeenGenerator[], isAway: boolean): string | undefined {
  for (const one of seen) {
    const failure = failureOf(one, isAway);
    if (failure !== undefined)
      return seen.length === 1 ? `the generator ${failure}` : `generator ${one.index + 1} ${failure}`;
  }
  return undefined;
}

function failureOf({ generator, output, isSilent }: SeenGenerator, isAway: boolean): string | undefined {
  if (generator === undefined) return isAway ? undefined : 'is gone: somebody removed it';
  if (isSilent) return 'runs, and says nothing any more';
  return generator.state.kind === 'ended' ? failureOfEnded(generator.state, output) : undefined;
}

function failureOfEnded(
  { code, reason }: Extract<Generator['state'], { kind: 'ended' }>,
  output: Output | undefined,
): string | undefined {
  const isCounted = code === undefined || CODES_WITH_RESULT.has(code);
  if (output?.report?.ended === 'completed' && isCounted) return undefined;
  if (output?.report !== undefined) return `was stopped from outside before the end of its plan (${reason})`;
  const complaint = output?.complaint ?? '';
  return `ended without a report (${reason})${complaint === '' ? '' : `: ${complaint}`}`;
}
