import { expect, it } from 'vitest';
import { buildPolicy } from '../model/builders.ts';
import { whyMatched } from './why.ts';

const labels = (matchLabels: Record<string, string>) => ({ selector: { matchLabels, matchExpressions: [] } });
const expressions = (operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', values: readonly string[] = []) => ({
  selector: { matchLabels: {}, matchExpressions: [{ key: 'tier', operator, values }] },
});

it.each([
  ['an empty selector', {}, ['every container']],
  ['labels', labels({ app: 'web', team: 'a' }), ['label app = web', 'label team = a']],
  ['In', expressions('In', ['a', 'b']), ['label tier in a, b']],
  ['NotIn', expressions('NotIn', ['a']), ['label tier not in a']],
  ['Exists', expressions('Exists'), ['label tier exists']],
  ['DoesNotExist', expressions('DoesNotExist'), ['no label tier']],
  ['a glob', { containerNames: ['db-*', 'web-*'] }, ['name web-* matches web-1']],
  ['its name', { containerNames: ['web-1'] }, ['name web-1']],
  ['an expected name', { expect: ['web-1'] }, ['web-1 is expected']],
])('%s says why', (_name, selection, why) => {
  expect(whyMatched(buildPolicy(selection), { name: 'web-1' })).toEqual(why);
});
