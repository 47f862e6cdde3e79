/** The work that the tests of the application ask for, done in short turns so that other requests are answered meanwhile. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** About half a millisecond a turn: twenty tests at once delay a health check by some 10 ms. */
const SQUARES_PER_TURN = 20_000;
/** About a millisecond a turn. */
const NUMBERS_PER_TURN = 50_000;

/** 0² + 1² + ... + (count - 1)². A million squares exceed what a double holds exactly, hence the bigint. */
export async function sumOfSquares(count: number): Promise<bigint> {
  let sum = 0n;
  for (let start = 0; start < count; start += SQUARES_PER_TURN) {
    const end = Math.min(start + SQUARES_PER_TURN, count);
    for (let number = start; number < end; number += 1) {
      const value = BigInt(number);
      sum += value * value;
    }
    await nextTurn();
  }
  return sum;
}

/** `count` random numbers in [0, 1), all in memory at once. */
export async function randomNumbers(count: number): Promise<readonly number[]> {
  const numbers: number[] = [];
  while (numbers.length < count) {
    const end = Math.min(numbers.length + NUMBERS_PER_TURN, count);
    while (numbers.length < end) numbers.push(Math.random());
    await nextTurn();
  }
  return numbers;
}
