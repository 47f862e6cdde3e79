import { expect, it } from 'vitest';
import { nextChoice, themeInForce } from './theme.ts';

it('goes from the system to its opposite, then to its own fixed, then back', () => {
  expect(themeInForce('system', true)).toBe('light');
  for (const prefersLight of [true, false]) {
    const first = nextChoice('system', prefersLight);
    expect(first).not.toBe(themeInForce('system', prefersLight));
    const second = nextChoice(first, prefersLight);
    expect(second).toBe(themeInForce('system', prefersLight));
    expect(nextChoice(second, prefersLight)).toBe('system');
  }
});
