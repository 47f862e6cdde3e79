import { describe, expect, it } from 'vitest';
import { withUnit, type Unit } from './unit.ts';

describe('a value with its unit', () => {
  it.each<[number | null, Unit, string]>([
    [85.234, 'percent', '85.2 %'],
    [0.01234, 'percent', '0.012 %'],
    [250.6, 'percent', '251 %'],
    [0, 'percent', '0 %'],
    [1536, 'bytes', '1.5 KiB'],
    [1536, 'bytesPerSecond', '1.5 KiB/s'],
    [0.0421, 'seconds', '42.1 ms'],
    [1.5, 'seconds', '1.5 s'],
    [12, 'count', '12'],
    [99.96, 'perSecond', '100/s'],
    [null, 'count', '-'],
  ])('%s as %s is %s', (value, unit, text) => {
    expect(withUnit(value, unit)).toBe(text);
  });
});
