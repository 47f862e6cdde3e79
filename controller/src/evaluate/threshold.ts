import type { LoadPercentiles, LoadResult, ThresholdJudge, ThresholdVerdict } from '../model/load-test.ts';
import { createBareEnvironment, type RuleEnvironment } from './environment.ts';
import { compileExpression, type Expression, type Outcome, type Variables } from './expression.ts';
import { pointAt } from './point-at.ts';

/** A threshold as it is declared. */
export interface ThresholdText {
  readonly name: string;
  readonly expr: string;
}

const percentiles = { p50: 'double', p90: 'double', p95: 'double', p99: 'double', max: 'double' };
const spread = { avg: 'double', max: 'double' };
const impact = { cpu: 'Spread', memory: 'Spread', restarts: 'int' };
const alert = { name: 'string', rule: 'string', severity: 'string', container: 'string' };

/** Variables of thresholds by CEL type; a value that is not there yet is absent. Times in seconds. */
const variables: Readonly<Record<string, string>> = {
  requests: 'int',
  errors: 'int',
  late: 'int',
  rate: 'double',
  errorRate: 'double',
  latency: 'Percentiles',
  serviceTime: 'Percentiles',
  impact: 'map<string, Impact>',
  alerts: 'list<Alert>',
};

/** Stand for the types, as in the environment of rules. */
const types = {
  Percentiles: (): void => undefined,
  Spread: (): void => undefined,
  Impact: (): void => undefined,
  Alert: (): void => undefined,
} as const;

/** Longest text of values; the status holds as much. */
const MAX_OBSERVED_CHARS = 500;
const MAX_DIGITS = 4;

/** Everything that is wrong with an expression, with line and caret; undefined when nothing is. */
export function checkThreshold(expr: string): string | undefined {
  const compiled = compile(expr, createEnvironment());
  return typeof compiled === 'string' ? compiled : undefined;
}

/** Compiles the thresholds of one test. One that does not compile can never be judged, and says why. */
export function compileThresholds(thresholds: readonly ThresholdText[]): ThresholdJudge {
  const environment = createEnvironment();
  const compiled = thresholds.map(({ name, expr }) => ({ name, expression: compile(expr, environment) }));
  return (result) => {
    const values = variablesOf(result);
    return compiled.map(({ name, expression }) =>
      typeof expression === 'string'
        ? { name, passed: undefined, observed: expression.slice(0, MAX_OBSERVED_CHARS), aboutAlerts: false }
        : judge(name, expression, values),
    );
  };
}

function compile(expr: string, environment: RuleEnvironment): Expression | string {
  const compiled = compileExpression(expr, environment);
  if ('offset' in compiled) return pointAt(expr, compiled);
  if (compiled.type === 'bool') return compiled;
  return pointAt(expr, { offset: 0, message: `a threshold must give a bool, this gives ${compiled.type}` });
}

function createEnvironment(): RuleEnvironment {
  const { cel, patterns } = createBareEnvironment();
  cel.registerType('Percentiles', { ctor: types.Percentiles, fields: percentiles });
  cel.registerType('Spread', { ctor: types.Spread, fields: spread });
  cel.registerType('Impact', { ctor: types.Impact, fields: impact });
  cel.registerType('Alert', { ctor: types.Alert, fields: alert });
  for (const [name, type] of Object.entries(variables)) cel.registerVariable(name, type);
  return { cel, patterns, isVariable: (name) => Object.hasOwn(variables, name) };
}

function judge(name: string, expression: Expression, values: Variables): ThresholdVerdict {
  const outcome = expression.evaluate(values);
  const aboutAlerts = expression.references.some(({ label }) => label === 'alerts' || label.startsWith('alerts.'));
  const observed = outcome.kind === 'value' ? observe(expression, values) : reasonUnjudged(outcome);
  const passed = outcome.kind === 'value' ? outcome.value === true : undefined;
  return { name, passed, observed: observed.slice(0, MAX_OBSERVED_CHARS), aboutAlerts };
}

function reasonUnjudged(outcome: Exclude<Outcome, { kind: 'value' }>): string {
  return outcome.kind === 'missing' ? `there is no ${outcome.path.join('.')}` : outcome.reason;
}

/** `latency.p95 = 0.234, errorRate = 0`. */
function observe(expression: Expression, values: Variables): string {
  return expression.references
    .flatMap(({ label, ...reference }) => {
      if (reference.kind !== 'variable') return [];
      const text = wordValue(reference.path.reduce<unknown>(fieldOf, values));
      return text === undefined ? [] : [`${label} = ${text}`];
    })
    .join(', ');
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

function wordValue(value: unknown): string | undefined {
  if (typeof value === 'number') return String(Number(value.toFixed(MAX_DIGITS)));
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return undefined;
  if (value.length === 0) return 'none';
  return value.map((one: unknown) => `${String(fieldOf(one, 'severity'))} ${String(fieldOf(one, 'rule'))}`).join(', ');
}

function variablesOf({ summary, impact: impacts, alerts }: LoadResult): Variables {
  return {
    ...(summary && {
      requests: BigInt(summary.requests),
      errors: BigInt(summary.errors),
      late: BigInt(summary.late),
      rate: summary.rate,
      errorRate: summary.errorRate,
    }),
    ...timesOf('latency', summary?.latency),
    ...timesOf('serviceTime', summary?.serviceTime),
    impact: Object.fromEntries(impacts.map((one) => [one.container, impactOf(one)])),
    alerts: alerts.map((one) => ({ ...one, constructor: types.Alert })),
  };
}

function timesOf(name: string, times: LoadPercentiles | undefined): Variables {
  return times === undefined ? {} : { [name]: { ...times, constructor: types.Percentiles } };
}

function impactOf({ cpu, memory, restarts }: LoadResult['impact'][number]): object {
  return {
    ...(cpu && { cpu: { ...cpu, constructor: types.Spread } }),
    ...(memory && { memory: { ...memory, constructor: types.Spread } }),
    ...(restarts !== undefined && { restarts: BigInt(restarts) }),
    constructor: types.Impact,
  };
}
