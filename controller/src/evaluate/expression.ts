import { EvaluationError, type ASTNode } from '@marcbachmann/cel-js';
import { MAX_EXPRESSION_CHARS, type RuleEnvironment } from './environment.ts';
import { pathOf, referencesOf, type Reference } from './references.ts';
import { nodesOf, restrict, type Fault } from './syntax.ts';

/** Variables of one evaluation by name; one that has no value is absent. */
export type Variables = Readonly<Record<string, unknown>>;

export interface Expression {
  readonly source: string;
  /** CEL type of the result: `bool`, `double`, `string` ... */
  readonly type: string;
  readonly references: readonly Reference[];
  /** Never throws: what keeps an expression from having a value is an outcome. */
  evaluate(variables: Variables): Outcome;
}

export type Outcome =
  | { readonly kind: 'value'; readonly value: unknown }
  /** The variable or field at `path` has no value. */
  | { readonly kind: 'missing'; readonly path: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** Parses and type-checks a CEL expression; any text gives an expression or a fault. */
export function compileExpression(source: string, environment: RuleEnvironment): Expression | Fault {
  if (source.length > MAX_EXPRESSION_CHARS) {
    return { offset: MAX_EXPRESSION_CHARS, message: `an expression may have ${MAX_EXPRESSION_CHARS} characters` };
  }
  try {
    return compile(source, environment);
  } catch (error) {
    return faultOf(error);
  }
}

function compile(source: string, { cel, patterns, isVariable }: RuleEnvironment): Expression | Fault {
  const parsed = cel.parse(source);
  const fault = restrict(parsed.ast, patterns) ?? checkHas(parsed.ast, { cel, isVariable });
  if (fault !== undefined) return fault;
  const checked = parsed.check();
  if (!checked.valid) return faultOf(checked.error);
  return {
    source,
    type: checked.type ?? 'dyn',
    references: referencesOf(parsed.ast, isVariable),
    evaluate(variables) {
      try {
        return { kind: 'value', value: parsed(variables) };
      } catch (error) {
        return outcomeOf(error, isVariable);
      }
    },
  };
}

/** The library takes any field in `has(...)`: a misspelt one would be false for ever. */
function checkHas(root: ASTNode, { cel, isVariable }: Pick<RuleEnvironment, 'cel' | 'isVariable'>): Fault | undefined {
  for (const node of nodesOf(root)) {
    const argument = node.op === 'call' && node.args[0] === 'has' ? node.args[1][0] : undefined;
    if (argument === undefined || pathOf(argument, isVariable) === undefined) continue;
    const checked = cel.check(argument.input.slice(argument.start, argument.end));
    if (!checked.valid) return { ...faultOf(checked.error), offset: argument.start };
  }
  return undefined;
}

interface PositionedError {
  readonly summary: string;
  readonly range?: { readonly start: number } | undefined;
}

function isPositioned(error: unknown): error is PositionedError {
  return error instanceof Error && 'summary' in error && typeof error.summary === 'string';
}

function faultOf(error: unknown): Fault {
  if (isPositioned(error)) return { offset: error.range?.start ?? 0, message: error.summary };
  return { offset: 0, message: error instanceof Error ? error.message : 'not an expression' };
}

function outcomeOf(error: unknown, isVariable: RuleEnvironment['isVariable']): Outcome {
  if (!(error instanceof EvaluationError)) return { kind: 'failed', reason: faultOf(error).message };
  const absent = error.code === 'unknown_variable' || error.code === 'no_such_key';
  const path = absent && error.node !== undefined ? pathOf(error.node, isVariable) : undefined;
  return path === undefined ? { kind: 'failed', reason: error.summary } : { kind: 'missing', path };
}
