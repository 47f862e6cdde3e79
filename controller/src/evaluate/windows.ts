import { EvaluationError, type ASTNode, type Environment } from '@marcbachmann/cel-js';
import { parseDuration } from '../model/duration.ts';
import { metricNames, type MetricName, type Point, type RecentSamples } from '../model/metrics.ts';

export const windowFunctions = ['avgOver', 'maxOver', 'minOver', 'increaseOver'] as const;
export type WindowFunction = (typeof windowFunctions)[number];

/** A call over recent samples, as written in a rule. */
export interface WindowCall {
  readonly name: WindowFunction;
  readonly metric: MetricName;
  readonly duration: string;
  readonly durationMs: number;
  /** `avgOver(cpu, 5m)`: calls with the same label ask the same. */
  readonly label: string;
}

/** Answers window calls about one target at one time; a text is the reason why there is no answer. */
export type WindowReader = (call: WindowCall) => number | string;

/** Under this name the reader is handed to an evaluation; no expression can name it. */
export const WINDOW_READER = '@windows';

/** A rule over more than a day belongs to the history, not to samples in memory. */
const MAX_WINDOW_MS = 86_400_000;

/** Reads samples each time it is asked something new; the same question is answered once. */
export function createWindowReader(recent: RecentSamples, now: number): WindowReader {
  const answers = new Map<string, number | string>();
  return (call) => {
    const known = answers.get(call.label);
    if (known !== undefined) return known;
    const answer = summarize(call, recent.since(call.metric, now - call.durationMs));
    answers.set(call.label, answer);
    return answer;
  };
}

function summarize({ name, metric, duration }: WindowCall, points: readonly Point[]): number | string {
  if (points.length === 0) return `${name}: no sample of ${metric} in the last ${duration}`;
  if (name !== 'increaseOver') return summaries[name](points);
  if (points.length === 1) return `${name}: fewer than two samples of ${metric} in the last ${duration}`;
  return metric === 'restarts' ? counterIncrease(points) : (points.at(-1)?.value ?? 0) - (points[0]?.value ?? 0);
}

const summaries: Readonly<Record<'avgOver' | 'maxOver' | 'minOver', (points: readonly Point[]) => number>> = {
  avgOver: (points) => points.reduce((sum, { value }) => sum + value, 0) / points.length,
  maxOver: (points) => points.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  minOver: (points) => points.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY),
};

/** Sum of the steps up; a step down is a counter that began again at zero, as Prometheus' increase() has it. */
function counterIncrease(points: readonly Point[]): number {
  let sum = 0;
  let before = points[0]?.value ?? 0;
  for (const { value } of points) {
    sum += value >= before ? value - before : value;
    before = value;
  }
  return sum;
}

/** Registers the functions as macros: their arguments are literals, checked with their position when a rule is compiled. */
export function registerWindows(cel: Environment): void {
  for (const name of windowFunctions) {
    cel.registerFunction(
      `${name}(ast, ast): double`,
      ({ ast, args }: { readonly ast: ASTNode; readonly args: readonly ASTNode[] }) => createMacro(name, ast, args),
      { async: false },
    );
  }
}

interface Checker {
  getType(name: string): unknown;
  createError(code: string, message: string, node: ASTNode | undefined): Error;
}

/** The part of the library's macro protocol that is used (README, "Custom macros"). */
function createMacro(name: WindowFunction, ast: ASTNode, args: readonly ASTNode[]): object {
  const call = readWindowCall(name, args);
  return {
    async: false,
    typeCheck(checker: Checker): unknown {
      if ('message' in call) throw checker.createError('invalid_window', call.message, args[call.argument]);
      return checker.getType('double');
    },
    evaluate(_evaluator: unknown, _macro: unknown, context: { getValue(name: string): WindowReader }): number {
      if ('message' in call) throw new EvaluationError(call.message);
      const answer = context.getValue(WINDOW_READER)(call);
      if (typeof answer === 'number') return answer;
      throw new EvaluationError({ code: 'no_samples', message: answer, node: ast });
    },
  };
}

type Misread = { readonly message: string; readonly argument: 0 | 1 };

/** The call behind the two argument nodes of a window function, or which of them is wrong and why. */
export function readWindowCall(name: WindowFunction, args: readonly ASTNode[]): WindowCall | Misread {
  const metric = metricNames.find((known) => known === textOf(args[0]));
  if (metric === undefined) {
    return { argument: 0, message: `${name} takes a metric in quotes, one of ${metricNames.join(', ')}` };
  }
  const duration = textOf(args[1]) ?? '';
  const durationMs = parseDuration(duration) ?? 0;
  if (durationMs <= 0 || durationMs > MAX_WINDOW_MS) {
    return { argument: 1, message: `${name} takes a duration in quotes as "90s" or "10m", at most 24h` };
  }
  return { name, metric, duration, durationMs, label: `${name}(${metric}, ${duration})` };
}

function textOf(node: ASTNode | undefined): string | undefined {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}
