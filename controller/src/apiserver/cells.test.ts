import { describe, expect, it } from 'vitest';
import { ageOf, cellOf, humanDuration } from './cells.ts';

const minutes = (count: number): number => count * 60_000;

describe('an age', () => {
  it.each([
    [-5000, '<invalid>'],
    [-500, '0s'],
    [0, '0s'],
    [119_999, '119s'],
    [minutes(2), '2m'],
    [minutes(3) + 10_000, '3m10s'],
    [minutes(10) + 5000, '10m'],
    [minutes(179), '179m'],
    [minutes(185), '3h5m'],
    [minutes(60 * 8 + 10), '8h'],
    [minutes(60 * 47), '47h'],
    [minutes(60 * 49), '2d1h'],
    [minutes(60 * 24 * 8), '8d'],
    [minutes(60 * 24 * 800), '2y70d'],
    [minutes(60 * 24 * 3000), '8y'],
  ])('of %d ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });

  it('says when the time is missing or is none', () => {
    expect(ageOf(undefined, 0)).toBe('<unknown>');
    expect(ageOf('yesterday', 0)).toBe('<invalid>');
  });
});

describe('a cell', () => {
  it.each([
    ['a', 'string', 'a'],
    [3, 'string', '3'],
    [{ a: 1 }, 'string', '{"a":1}'],
    [3, 'integer', 3],
    ['3', 'integer', null],
    [true, 'boolean', true],
    [undefined, 'string', null],
    ['1970-01-01T00:00:00Z', 'date', '9s'],
  ])('of %j in a column of type %s is %j', (value, type, cell) => {
    expect(cellOf(value, type, 9000)).toBe(cell);
  });
});
