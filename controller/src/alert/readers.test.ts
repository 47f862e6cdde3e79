import { describe, expect, it } from 'vitest';
import { buildPolicy } from '../model/builders.ts';
import { readersOf } from './readers.ts';

const routes = [
  { minSeverity: 'critical', to: ['oncall@example.org', 'team@example.org'] },
  { minSeverity: 'warning', to: ['lead@example.org'] },
] as const;
const notify = { ...buildPolicy().notify, to: ['team@example.org'], routes };

describe('the readers of an alert', () => {
  it.each([
    ['info', ['team']],
    ['warning', ['team', 'lead']],
    ['critical', ['team', 'oncall', 'lead']],
  ] as const)('of severity %s are %j', (severity, names) => {
    expect(readersOf(notify, [], severity)).toEqual(names.map((name) => `${name}@example.org`));
  });

  it('are those of the controller and of the routes where the policy names none', () => {
    const own = { ...notify, to: undefined };
    expect(readersOf(own, ['all@example.org'], 'warning')).toEqual(['all@example.org', 'lead@example.org']);
  });
});
