import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['2h5m', 7_500_000],
  ])('reads %s', (text, expected) => {
    expect(parseDuration('--duration', text)).toBe(expected);
  });

  it.each(['', '30', 's', '-1s', '1d', '1 s', '30sec', 'ms5'])('refuses %j', (text) => {
    expect(() => parseDuration('--duration', text)).toThrow(`--duration ${JSON.stringify(text)} is not a duration`);
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0.0s'],
    [59_949, '59.9s'],
    [59_950, '1m00s'],
    [125_000, '2m05s'],
    [3_720_000, '1h02m'],
  ])('writes %d ms as %s', (milliseconds, expected) => {
    expect(formatDuration(milliseconds)).toBe(expected);
  });
});
