import type { Comparator, Comparison, Conjunct } from './comparisons.ts';

/** Whether `consequence` holds whenever `condition` does, as far as that can be seen from what is written. */
export function implies(condition: readonly Conjunct[], consequence: readonly Conjunct[]): boolean {
  return consequence.every((wanted) => condition.some((given) => conjunctImplies(given, wanted)));
}

function conjunctImplies(given: Conjunct, wanted: Conjunct): boolean {
  if (given.form === wanted.form) return true;
  if (given.comparison === undefined || wanted.comparison === undefined) return false;
  return given.comparison.label === wanted.comparison.label && comparisonImplies(given.comparison, wanted.comparison);
}

/** `x > 80` implies `x > 60`; `x >= 80` implies `x > 79`. */
function comparisonImplies(given: Comparison, wanted: Comparison): boolean {
  if (given.comparator === '==') return holds[wanted.comparator](given.bound, wanted.bound);
  const up = isUpward(given.comparator) && isUpward(wanted.comparator);
  const down = isDownward(given.comparator) && isDownward(wanted.comparator);
  if (!up && !down) return false;
  const margin = up ? given.bound - wanted.bound : wanted.bound - given.bound;
  const needsMore = isInclusive(given.comparator) && !isInclusive(wanted.comparator);
  return needsMore ? margin > 0 : margin >= 0;
}

const holds: Readonly<Record<Comparator, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '==': (value, bound) => value === bound,
  '!=': (value, bound) => value !== bound,
};

function isUpward(comparator: Comparator): boolean {
  return comparator === '>' || comparator === '>=';
}

function isDownward(comparator: Comparator): boolean {
  return comparator === '<' || comparator === '<=';
}

function isInclusive(comparator: Comparator): boolean {
  return comparator === '>=' || comparator === '<=';
}
