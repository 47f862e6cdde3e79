import { describe, expect, it } from 'vitest';
import { checkRule } from './compile.ts';
import { expressionNames } from './expression-names.ts';

describe('the names that an editor proposes', () => {
  it.each(expressionNames())('$name is one that a rule may use', ({ name }) => {
    const expr = `${name.replace('*', 'web')} == ${name.replace('*', 'web')}`;
    expect(checkRule({ expr, actions: [] }, [{ name: 'web' }])).toEqual([]);
  });
});
