import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HELP } from './help.ts';
import { OPTION_NAMES } from './options.ts';
import { PLACEHOLDERS } from './placeholder.ts';

const manual = readFileSync(fileURLToPath(new URL('../../docs/load-tests.md', import.meta.url)), 'utf8');
const names = [
  ...OPTION_NAMES.map((name) => `--${name}`),
  ...Object.values(PLACEHOLDERS).map(({ usage }) => `{{${usage}}}`),
];

describe('what is told of the options', () => {
  it.each(names)('has %s, in the help and in the manual', (name) => {
    expect(HELP).toContain(name);
    expect(manual).toContain(name);
  });

  it('fits on a wide terminal', () => {
    expect(HELP.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });
});
