/**
 * Thresholds: CEL expressions over the result, as in a LoadTest. The library is the controller's, so that an expression means the same in
 * both; it has no dependencies of its own. Only the names are said again here, as nothing of the controller is in the generator's image.
 */
import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { InputError } from './input-error.ts';
import type { Percentiles, ThresholdVerdict } from './report.ts';

/** What a report and a progress have in common. */
export interface Judged {
  readonly requests: number;
  readonly errors: number;
  readonly late: number;
  readonly rate: number;
  readonly errorRate: number;
  readonly latencySeconds: Percentiles;
  readonly serviceTimeSeconds: Percentiles;
}

export interface Threshold {
  readonly expr: string;
  /** Ends the run as soon as it does not hold. */
  readonly isDeadly: boolean;
  judge(judged: Judged): ThresholdVerdict;
}

const MAX_EXPRESSION_CHARS = 2_048;
const LIMITS = { maxAstNodes: 256, maxDepth: 24, maxListElements: 64, maxMapEntries: 16, maxCallArguments: 8 };
const WHOLE = ['requests', 'errors', 'late'] as const;
const REAL = ['rate', 'errorRate'] as const;
const TIMES = ['latency', 'serviceTime'] as const;
const PERCENTILES = ['mean', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'max'] as const;
/** The library tells an object's type by its constructor. */
const PercentilesType = (): void => undefined;

/** @throws InputError when it is no expression that gives a bool */
export function compileThreshold(expr: string, isDeadly: boolean): Threshold {
  const what = `threshold ${JSON.stringify(expr)}`;
  if (expr.length > MAX_EXPRESSION_CHARS)
    throw new InputError(`a threshold has at most ${MAX_EXPRESSION_CHARS} characters`);
  const evaluate = compile(expr, what);
  return {
    expr,
    isDeadly,
    judge: (judged) => {
      try {
        return { expr, passed: evaluate(variablesOf(judged)) === true, observed: observe(expr, judged) };
      } catch (error) {
        return { expr, passed: false, observed: reasonOf(error) };
      }
    },
  };
}

function compile(expr: string, what: string): ParseResult {
  const environment = createEnvironment();
  let parsed: ParseResult;
  try {
    parsed = environment.parse(expr);
  } catch (error) {
    throw new InputError(`${what}: ${reasonOf(error)}`, { cause: error });
  }
  const { valid, type, error } = parsed.check();
  if (!valid) throw new InputError(`${what}: ${withAdvice(reasonOf(error))}`);
  if (type !== 'bool') throw new InputError(`${what} gives no bool: write a comparison, as latency.p95 < 0.5`);
  return parsed;
}

const NAMES = `there are ${[...WHOLE, ...REAL].join(', ')}, ${TIMES.map((time) => `${time}.p95`).join(', ')} and the like`;

/** CEL calculates with numbers of one kind only. */
function withAdvice(reason: string): string {
  const isMixed = /overload.*\b(int \S+ double|double \S+ int)\b/.test(reason);
  return `${reason}; ${isMixed ? 'write 100.0 for 100, or double(requests) for requests' : NAMES}`;
}

function createEnvironment(): Environment {
  const environment = new Environment({ limits: LIMITS });
  // CEL compares numbers by value; the library does so for `<` only.
  environment.registerOperator('int == double: bool', (whole: bigint, real: number) => Number(whole) === real);
  const fields = Object.fromEntries(PERCENTILES.map((name) => [name, 'double']));
  environment.registerType('Percentiles', { ctor: PercentilesType, fields });
  for (const name of WHOLE) environment.registerVariable(name, 'int');
  for (const name of REAL) environment.registerVariable(name, 'double');
  for (const name of TIMES) environment.registerVariable(name, 'Percentiles');
  return environment;
}

function variablesOf(judged: Judged): Readonly<Record<string, unknown>> {
  return {
    ...Object.fromEntries(WHOLE.map((name) => [name, BigInt(judged[name])])),
    ...Object.fromEntries(REAL.map((name) => [name, judged[name]])),
    ...Object.fromEntries(TIMES.map((name) => [name, { ...timesOf(judged, name), constructor: PercentilesType }])),
  };
}

function timesOf(judged: Judged, name: (typeof TIMES)[number]): Percentiles {
  return name === 'latency' ? judged.latencySeconds : judged.serviceTimeSeconds;
}

/** `latency.p95 = 0.234, errors = 0`. */
function observe(expr: string, judged: Judged): string {
  const flat: readonly (readonly [string, number])[] = [
    ...[...WHOLE, ...REAL].map((name) => [name, judged[name]] as const),
    ...TIMES.flatMap((time) => PERCENTILES.map((name) => [`${time}.${name}`, timesOf(judged, time)[name]] as const)),
  ];
  return flat
    .filter(([name]) => new RegExp(`(?<![\\w.])${name.replace('.', '\\.')}(?!\\w)`).test(expr))
    .map(([name, value]) => `${name} = ${Number(value.toFixed(6))}`)
    .join(', ');
}

/** One line: what the library adds to show the place has several. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'summary' in error && typeof error.summary === 'string') return error.summary;
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'not an expression';
}
