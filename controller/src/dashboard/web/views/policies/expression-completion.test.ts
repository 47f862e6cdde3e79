import { describe, expect, it } from 'vitest';
import { expressionNames } from '../../../../evaluate/expression-names.ts';
import { completeExpression, decodeNames } from './expression-completion.ts';

const names = decodeNames({ type: 'object', 'x-foghorn-expression-names': [...expressionNames(), { name: 1 }, null] });

/** What is proposed with the cursor at `|`. */
function labels(marked: string): readonly string[] | undefined {
  const offset = marked.indexOf('|');
  return completeExpression(names, marked.replace('|', ''), offset)?.proposals.map(({ label }) => label);
}

describe('completion in an expression', () => {
  it.each([
    ['a variable in quotes', "    - expr: 'cp|", ['cpu', 'cpuCores']],
    ['one without quotes', '      expr: resta|', ['restarts', 'restarted']],
    ['one in braces', "    - { name: x, expr: 'upt|", ['uptime']],
    ['one behind others', "    - expr: 'cpu > 80 && memoryB|", ['memoryBytes']],
    ['one in a call', "    - expr: '!(up && heal|", ['health']],
    ['a function over recent samples', "    - expr: 'avg|", ['avgOver("cpu", "5m")']],
    ['fields of the container', "    - expr: 'container.na|", ['container.name', 'container.namespace']],
    ['fields of a probe by its name', "    - expr: '!probes.web.u|", ['probes.web.up']],
    [
      'where a probe is named',
      "    - expr: 'probes.|",
      ['up', 'status', 'latency', 'value', 'error'].map((f) => `probes.NAME.${f}`),
    ],
  ])('proposes %s', (_what, marked, wanted) => {
    expect(labels(marked)).toEqual(wanted);
  });

  it('proposes all that may stand there before anything is typed', () => {
    expect(labels('      expr: |')).toContain('up');
  });

  it.each([
    ['outside of an expression', '    - name: cp|'],
    ['behind the closing quote', "    - { expr: 'cpu > 1', name: u|"],
    ['in a text of the expression', `    - expr: 'state == "ex|`],
    ['in a comment', '      expr: cpu # up|'],
    ['where a name is whole', "    - expr: 'uptime|"],
    ['of what there is not', "    - expr: 'container.nothing|"],
  ])('proposes nothing %s', (_what, marked) => {
    expect(labels(marked)).toBeUndefined();
  });
});
