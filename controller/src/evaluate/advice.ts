import type { Policy, ProbeSpec, RuleSpec } from '../model/policy.ts';
import { compareSeverity } from '../model/severity.ts';
import { createTaker, type Comparison, type TakenApart } from './comparisons.ts';
import { createEnvironment } from './environment.ts';
import { compileExpression } from './expression.ts';
import { implies } from './implies.ts';
import { pointAt } from './point-at.ts';
import { isEventLike } from './references.ts';

/** Something in a valid policy that is most likely not meant. */
export interface Advice {
  /** `spec.rules[2].expr`. */
  readonly field: string;
  /** With line, column and caret when it is about a place in an expression. */
  readonly message: string;
}

interface Judged {
  readonly rule: RuleSpec;
  readonly index: number;
  readonly parts: TakenApart;
  readonly eventLike: boolean;
}

/** Advice about a policy that was admitted; rules that do not compile are passed over. */
export function adviseOn(policy: Policy): readonly Advice[] {
  const take = createTaker(policy.probes);
  const environment = createEnvironment(policy.probes);
  const judged = policy.rules.flatMap((rule, index): readonly Judged[] => {
    const expression = compileExpression(rule.expr, environment);
    if ('offset' in expression) return [];
    return [{ rule, index, parts: take(rule.expr), eventLike: isEventLike(expression.references) }];
  });
  return judged.flatMap((one) => [
    ...unreachable(one, judged),
    ...timersOfEvents(one),
    ...one.parts.comparisons.flatMap((comparison) => oddComparison(one, comparison, policy.probes)),
  ]);
}

/** A lower level that breaches only when a higher one does, and not before it or after it. */
function unreachable({ rule, index, parts }: Judged, all: readonly Judged[]): readonly Advice[] {
  const hiding = all.find(
    (other) =>
      other.rule.name === rule.name &&
      compareSeverity(other.rule.severity, rule.severity) > 0 &&
      other.rule.forMs <= rule.forMs &&
      other.rule.keepFiringForMs >= rule.keepFiringForMs &&
      implies(parts.conjuncts, other.parts.conjuncts),
  );
  if (hiding === undefined) return [];
  const { severity, expr } = hiding.rule;
  const message = `${rule.severity} of rule "${rule.name}" can never speak: whenever it is true, ${severity} (${expr.trim()}) is true too`;
  return [{ field: `spec.rules[${index}].severity`, message }];
}

function timersOfEvents({ rule, index, eventLike }: Judged): readonly Advice[] {
  if (!eventLike || rule.forMs + rule.keepFiringForMs === 0) return [];
  const name = rule.forMs > 0 ? 'for' : 'keepFiringFor';
  const message = `${name} has no effect: what happened to a container is true in one look only`;
  return [{ field: `spec.rules[${index}].${name}`, message }];
}

function oddComparison(
  { rule, index }: Judged,
  comparison: Comparison,
  probes: readonly ProbeSpec[],
): readonly Advice[] {
  const message = oddBound(comparison) ?? pastTimeout(comparison, probes);
  if (message === undefined) return [];
  return [{ field: `spec.rules[${index}].expr`, message: pointAt(rule.expr, { offset: comparison.offset, message }) }];
}

/** Percent of what the container may use, itself or over time. */
const percentLabel = /^(?:(?:avg|max|min)Over\()?(?:cpu|memory)(?:,.*)?$/;

function oddBound(comparison: Comparison): string | undefined {
  const { label, bound, type } = comparison;
  if (type === 'int') return Number.isInteger(bound) ? undefined : fractionOfInt(comparison);
  const isPercent = percentLabel.test(label);
  if (isEquality(comparison)) {
    const isCounted = !isPercent && Number.isInteger(bound);
    return isCounted || bound === 0
      ? undefined
      : `${label} is measured: it is hardly ever exactly ${bound}; use < or >`;
  }
  return isPercent ? oddPercent(comparison) : undefined;
}

function isEquality({ comparator }: Comparison): boolean {
  return comparator === '==' || comparator === '!=';
}

function oddPercent({ label, comparator, bound }: Comparison): string | undefined {
  if (bound > 0 && bound <= 1) return `${label} is in percent: ${bound} means ${bound} %`;
  const never = (comparator === '>' && bound >= 100) || (comparator === '>=' && bound > 100);
  return never ? `${label} is in percent of the limit: it does not pass ${bound}` : undefined;
}

function fractionOfInt({ label, comparator, bound }: Comparison): string {
  if (comparator === '==') return `${label} is a whole number: it is never ${bound}`;
  if (comparator === '!=') return `${label} is a whole number: it is always other than ${bound}`;
  const whole = comparator === '>' || comparator === '>=' ? Math.ceil(bound) : Math.floor(bound);
  return `${label} is a whole number: this means ${comparator[0] ?? ''}= ${whole}`;
}

/** A probe that gives up sooner has no latency at all. */
function pastTimeout({ label, comparator, bound }: Comparison, probes: readonly ProbeSpec[]): string | undefined {
  if (comparator !== '>' && comparator !== '>=') return undefined;
  const probe = probes.find(({ name }) => label === `probes.${name}.latency`);
  if (probe === undefined || bound * 1000 < probe.timeoutMs) return undefined;
  return `never true: probe ${probe.name} gives up after ${probe.timeoutMs / 1000} s, and has no latency then (latency is in seconds)`;
}
