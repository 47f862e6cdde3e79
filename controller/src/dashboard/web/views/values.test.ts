import { describe, expect, it } from 'vitest';
import { durationText, valuesText } from './values.ts';

describe('values for people', () => {
  it('are named, with as many digits as mean something', () => {
    expect(valuesText({ cpu: 85.2000001, up: true, state: 'exited' })).toBe('cpu = 85.2, up = true, state = exited');
    expect(valuesText({})).toBe('');
  });

  it.each([
    [0, '0s'],
    [250, '250ms'],
    [30_000, '30s'],
    [90_000, '1m 30s'],
    [5_400_000, '1h 30m'],
    [90_061_000, '1d 1h'],
  ])('%d ms is %s', (durationMs, text) => {
    expect(durationText(durationMs)).toBe(text);
  });
});
