import { expect, it } from 'vitest';
import { parseTimeOfDay } from './time-of-day.ts';

it.each([
  ['07:30', 450],
  ['00:00', 0],
  ['23:59', 1439],
  ['24:00', undefined],
  ['7:30', undefined],
  ['07:60', undefined],
  ['', undefined],
])('reads %s', (text, expected) => {
  expect(parseTimeOfDay(text)).toBe(expected);
});
