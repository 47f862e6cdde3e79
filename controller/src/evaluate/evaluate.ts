import type { Observation } from '../model/observation.ts';
import type { LevelVerdict, RuleVerdict, Values, Verdict } from '../model/verdict.ts';
import { defaultActions } from './actions.ts';
import type { CompiledLevel, CompiledPolicy } from './compile.ts';
import type { Outcome, Variables } from './expression.ts';
import { reasonMissing, variablesOf, type Evidence } from './facts.ts';
import { defaultMessage } from './messages.ts';
import type { Reference } from './references.ts';
import { withSettledProbes } from './settling.ts';
import { renderTemplate } from './template.ts';
import { WINDOW_READER, type WindowReader } from './windows.ts';

/** What the rules of a policy are judged on; see {@link Evidence}. */
export type EvaluationInput = Omit<Evidence, 'stopGraceMs'>;

/** Judges every rule of a policy about one target. Never throws: a rule that cannot be decided is `unknown`. */
export function evaluatePolicy(policy: CompiledPolicy, input: EvaluationInput): readonly RuleVerdict[] {
  const { stopGraceMs } = policy;
  const observation = withSettledProbes(input.observation, stopGraceMs);
  const variables = variablesOf({ ...input, observation, stopGraceMs });
  return policy.rules.map(({ name, levels }) => ({
    rule: name,
    levels: levels.map((level) => judgeLevel(level, variables, observation)),
  }));
}

function judgeLevel(level: CompiledLevel, variables: Variables, observation: Observation): LevelVerdict {
  const { severity, forMs, keepFiringForMs, eventLike } = level;
  return { severity, forMs, keepFiringForMs, eventLike, verdict: judge(level, variables, observation) };
}

function judge(level: CompiledLevel, variables: Variables, observation: Observation): Verdict {
  const outcome = level.expression.evaluate(variables);
  if (outcome.kind !== 'value') return { kind: 'unknown', reason: reasonUnknown(outcome, observation) };
  const values = readValues(level.expression.references, variables);
  if (outcome.value !== true) return { kind: 'clear', values };
  return {
    kind: 'breach',
    values,
    message: messageOf(level, { variables, values, observation }),
    actions: actionsOf(level, variables, observation),
  };
}

function reasonUnknown(outcome: Exclude<Outcome, { kind: 'value' }>, observation: Observation): string {
  return outcome.kind === 'missing' ? reasonMissing(outcome.path, observation) : outcome.reason;
}

interface Breach {
  readonly variables: Variables;
  readonly values: Values;
  readonly observation: Observation;
}

function messageOf({ message, expression }: CompiledLevel, { variables, values, observation }: Breach): string {
  const rendered = message && renderTemplate(message, variables);
  return rendered === undefined || rendered === '' ? defaultMessage(expression, values, observation) : rendered;
}

function actionsOf(level: CompiledLevel, variables: Variables, observation: Observation): readonly string[] {
  const own = level.actions.flatMap((action) => renderTemplate(action, variables) ?? []);
  return own.length > 0 ? own : defaultActions(level.expression.references, observation.target);
}

/** The values that an expression used, raw; one that was missing is left out. */
function readValues(references: readonly Reference[], variables: Variables): Values {
  const values: Record<string, number | string | boolean> = {};
  for (const reference of references) {
    const value = readReference(reference, variables);
    if (typeof value === 'bigint') values[reference.label] = Number(value);
    else if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
      values[reference.label] = value;
    }
  }
  return values;
}

function readReference(reference: Reference, variables: Variables): unknown {
  if (reference.kind === 'variable') {
    return reference.path.reduce<unknown>((value, name) => fieldOf(value, name), variables);
  }
  const reader = variables[WINDOW_READER];
  const answer = isReader(reader) ? reader(reference.call) : undefined;
  return typeof answer === 'number' ? answer : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

function isReader(value: unknown): value is WindowReader {
  return typeof value === 'function';
}
