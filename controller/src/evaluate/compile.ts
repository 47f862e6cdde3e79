import type { Policy, ProbeSpec, RuleSpec } from '../model/policy.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { InvalidRule } from '../model/snapshot.ts';
import { createEnvironment, type RuleEnvironment } from './environment.ts';
import { compileExpression, type Expression } from './expression.ts';
import { pointAt } from './point-at.ts';
import { isEventLike } from './references.ts';
import type { Fault } from './syntax.ts';
import { compileTemplate, type Template } from './template.ts';

/** A policy's rules, ready to be judged; an invalid one is left out, and named. */
export interface CompiledPolicy {
  readonly key: string;
  readonly stopGraceMs: number;
  readonly rules: readonly CompiledRule[];
  readonly invalid: readonly InvalidRule[];
}

export interface CompiledRule {
  readonly name: string;
  /** Highest severity first. */
  readonly levels: readonly CompiledLevel[];
}

export interface CompiledLevel {
  readonly severity: Severity;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly eventLike: boolean;
  readonly expression: Expression;
  readonly message: Template | undefined;
  readonly actions: readonly Template[];
}

/** What is wrong with one field of a rule. */
export interface RuleFault {
  /** `expr`, `message` or `actions[1]`, to be appended to the path of the rule. */
  readonly field: string;
  /** Line, column and caret included. */
  readonly message: string;
}

type RuleTexts = Pick<RuleSpec, 'expr' | 'message' | 'actions'>;

export function compilePolicy(policy: Policy): CompiledPolicy {
  const environment = createEnvironment(policy.probes);
  const levels = new Map<string, CompiledLevel[]>();
  const invalid: InvalidRule[] = [];
  for (const rule of policy.rules) {
    const known = levels.get(rule.name) ?? [];
    const compiled = compileLevel(rule, environment);
    if (Array.isArray(compiled)) {
      invalid.push({ name: rule.name, severity: rule.severity, message: wordFaults(compiled) });
    } else if (known.some(({ severity }) => severity === rule.severity)) {
      invalid.push({ name: rule.name, severity: rule.severity, message: 'this name has this severity already' });
    } else {
      levels.set(rule.name, [...known, compiled]);
    }
  }
  const rules = [...levels].map(([name, found]) => ({ name, levels: found.toSorted(highestFirst) }));
  return { key: policy.key, stopGraceMs: policy.stopGraceMs, rules, invalid };
}

/** Everything that is wrong with the texts of a rule of a policy that has these probes; empty when nothing is. */
export function checkRule(rule: RuleTexts, probes: readonly Pick<ProbeSpec, 'name'>[]): readonly RuleFault[] {
  return createRuleChecker(probes)(rule);
}

/** {@link checkRule} for many rules of one policy: what they share is made once. */
export function createRuleChecker(
  probes: readonly Pick<ProbeSpec, 'name'>[],
): (rule: RuleTexts) => readonly RuleFault[] {
  const environment = createEnvironment(probes);
  return (rule) => {
    const texts = compileTexts(rule, environment);
    return 'expression' in texts ? [] : texts.faults;
  };
}

function compileLevel(rule: RuleSpec, environment: RuleEnvironment): CompiledLevel | RuleFault[] {
  const texts = compileTexts(rule, environment);
  if (!('expression' in texts)) return texts.faults;
  const { severity, forMs, keepFiringForMs } = rule;
  return { severity, forMs, keepFiringForMs, eventLike: isEventLike(texts.expression.references), ...texts };
}

type CompiledTexts = Pick<CompiledLevel, 'expression' | 'message' | 'actions'>;

function compileTexts(rule: RuleTexts, environment: RuleEnvironment): CompiledTexts | { faults: RuleFault[] } {
  const faults: RuleFault[] = [];
  const take = <T extends object>(field: string, source: string, compiled: T | Fault): T | undefined => {
    if (!isFault(compiled)) return compiled;
    faults.push({ field, message: pointAt(source, compiled) });
    return undefined;
  };
  const template = (field: string, source: string): Template | undefined =>
    take(field, source, compileTemplate(source, environment));
  const expression = take('expr', rule.expr, compileCondition(rule.expr, environment));
  const message = rule.message === undefined ? undefined : template('message', rule.message);
  const actions = rule.actions.flatMap((source, index) => template(`actions[${index}]`, source) ?? []);
  return expression === undefined || faults.length > 0 ? { faults } : { expression, message, actions };
}

function isFault(compiled: object): compiled is Fault {
  return 'offset' in compiled;
}

function compileCondition(source: string, environment: RuleEnvironment): Expression | Fault {
  const expression = compileExpression(source, environment);
  if ('offset' in expression || expression.type === 'bool') return expression;
  return { offset: 0, message: `a rule must give a bool, this gives ${expression.type}` };
}

function wordFaults(faults: readonly RuleFault[]): string {
  return faults.map(({ field, message }) => `${field}: ${message}`).join('\n');
}

function highestFirst(a: CompiledLevel, b: CompiledLevel): number {
  return compareSeverity(b.severity, a.severity);
}
