import { matchesGlob } from '../model/selector.ts';
import type { LabelExpression, Policy } from '../model/policy.ts';
import type { Target } from '../model/target.ts';

/** Why a policy watches a target: a line for each part of its selection, in the words of the policy. */
export function whyMatched(
  { selector, containerNames, expect }: Pick<Policy, 'selector' | 'containerNames' | 'expect'>,
  { name }: Pick<Target, 'name'>,
): readonly string[] {
  const glob = containerNames.find((one) => matchesGlob(one, name));
  const reasons = [
    ...Object.entries(selector.matchLabels).map(([key, value]) => `label ${key} = ${value}`),
    ...selector.matchExpressions.map(wordExpression),
    ...(glob === undefined ? [] : [`name ${glob}${glob === name ? '' : ` matches ${name}`}`]),
    ...(expect.includes(name) ? [`${name} is expected`] : []),
  ];
  return reasons.length > 0 ? reasons : ['every container'];
}

function wordExpression({ key, operator, values }: LabelExpression): string {
  switch (operator) {
    case 'In':
      return `label ${key} in ${values.join(', ')}`;
    case 'NotIn':
      return `label ${key} not in ${values.join(', ')}`;
    case 'Exists':
      return `label ${key} exists`;
    case 'DoesNotExist':
      return `no label ${key}`;
    default:
      return operator satisfies never;
  }
}
