import { describe, expect, it } from 'vitest';
import { parseServices } from './compose-state.ts';

const db = '{"Service":"db","State":"running","Health":"healthy","ID":"4e50"}';
const webapp = '{"Service":"webapp","State":"exited","Health":"","ExitCode":1}';
const expected = [
  { service: 'db', state: 'running', health: 'healthy' },
  { service: 'webapp', state: 'exited', health: '' },
];

describe('the list of services', () => {
  it.each([
    ['one object a line', `${db}\n${webapp}\n`],
    ['one array', `[${db},${webapp}]\n`],
    ['lines between warnings', `time="..." level=warning msg="the attribute version is obsolete"\n${db}\n${webapp}`],
  ])('is read from %s', (_, output) => {
    expect(parseServices(output)).toEqual(expected);
  });

  it('is empty when nothing runs', () => {
    expect(parseServices('')).toEqual([]);
    expect(parseServices('[]\n')).toEqual([]);
  });
});
