import { expect, it } from 'vitest';
import { parseQuantity } from './quantity.ts';

it.each([
  ['200m', 0.2],
  ['2', 2],
  [2, 2],
  ['64Mi', 67_108_864],
  ['1G', 1_000_000_000],
  ['1.5Gi', 1_610_612_736],
  ['1e3', 1000],
  ['100E', 1e20],
  ['0', 0],
  ['.5', 0.5],
  ['-1', undefined],
  ['', undefined],
  ['many', undefined],
  ['1KiB', undefined],
  [null, undefined],
  [Number.NaN, undefined],
])('reads the quantity %s as %s', (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});
