import type { LabelExpression, LabelSelector } from './policy.ts';
import type { Target } from './target.ts';

type Labels = Target['labels'];

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

/** Whether one of the globs matches; no glob at all matches every name. */
export function matchesAnyGlob(globs: readonly string[], name: string): boolean {
  return globs.length === 0 || globs.some((glob) => matchesGlob(glob, name));
}
