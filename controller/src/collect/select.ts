import type { LabelExpression, LabelSelector, Policy } from '../model/policy.ts';
import type { Target } from '../model/target.ts';

type Labels = Target['labels'];
type Selection = Pick<Policy, 'selector' | 'containerNames' | 'expect'>;

/**
 * Targets that a policy watches, in their order, and after them a missing target (`instance` '') for each expected name
 * that no target has. A missing target stands under `defaultHost`, since nobody knows where it should be.
 */
export function matchTargets(policy: Selection, targets: readonly Target[], defaultHost: string): readonly Target[] {
  const matched = targets.filter(
    (target) => matchesSelector(policy.selector, target.labels) && matchesName(policy.containerNames, target.name),
  );
  const names = new Set(targets.map((target) => target.name));
  const missing = [...new Set(policy.expect)].filter((name) => !names.has(name));
  return [...matched, ...missing.map((name) => missingTarget(name, defaultHost))];
}

function missingTarget(name: string, host: string): Target {
  return { id: `${host}/${name}`, instance: '', host, name, namespace: '', labels: {}, image: '', limits: {} };
}

function matchesName(globs: readonly string[], name: string): boolean {
  return globs.length === 0 || globs.some((glob) => matchesGlob(glob, name));
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors: all parts must hold. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(selector.matchLabels).every(([key, value]) => readLabel(labels, key) === value) &&
    selector.matchExpressions.every((expression) => matchesExpression(expression, labels))
  );
}

/** `NotIn` also holds where the label is absent, as in Kubernetes. */
function matchesExpression({ key, operator, values }: LabelExpression, labels: Labels): boolean {
  const value = readLabel(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return operator satisfies never;
  }
}

/** Own properties only: a label may be called `constructor`. */
function readLabel(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/**
 * `*` stands for any text, `?` for one character, everything else for itself; the whole name must match. It goes back
 * to the last `*` only, so that it takes at most `glob.length * name.length` steps, and linear time on usual globs.
 */
export function matchesGlob(glob: string, name: string): boolean {
  let inGlob = 0;
  let inName = 0;
  let star = -1;
  let afterStar = 0;
  while (inName < name.length) {
    if (glob[inGlob] === '*') {
      star = inGlob;
      afterStar = inName;
      inGlob += 1;
    } else if (glob[inGlob] === '?' || glob[inGlob] === name[inName]) {
      inGlob += 1;
      inName += 1;
    } else if (star >= 0) {
      afterStar += 1;
      inName = afterStar;
      inGlob = star + 1;
    } else {
      return false;
    }
  }
  while (glob[inGlob] === '*') inGlob += 1;
  return inGlob === glob.length;
}
