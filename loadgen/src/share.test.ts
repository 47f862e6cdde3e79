import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from './input-error.ts';
import { parseCommand, type LoadOptions } from './options.ts';
import { dueAt } from './pacer.ts';
import type { Plan } from './plan.ts';
import { connectionsOf, parseShare } from './share.ts';

function load(...args: readonly string[]): LoadOptions {
  const command = parseCommand(['--url', 'http://webapp:8000', ...args], {});
  if (command.kind !== 'load') throw new Error('expected a load');
  return command;
}

function dueTimes(plan: Plan): readonly number[] {
  return Array.from({ length: plan.totalRequests }, (_, index) => dueAt(plan, index));
}

describe('a share of a load', () => {
  it.each(['', '1', '1/', '/2', '2/2', '-1/2', '1/0', '0/1001', '0x1/2', '$(JOB_COMPLETION_INDEX)/2'])(
    'is not %j',
    (text) => {
      expect(() => parseShare(text)).toThrow(InputError);
    },
  );

  it('has its part of rate, connections and numbers', () => {
    const args = ['--rate', '90', '--duration', '10s', '--concurrency', '8'];
    const shares = [0, 1, 2].map((index) => load(...args, '--share', `${index}/3`));
    expect(shares.map(({ plan }) => plan.totalRequests)).toEqual([300, 300, 300]);
    expect(shares.map(({ concurrency }) => concurrency)).toEqual([3, 3, 2]);
    expect(shares.map(({ numbering }) => numbering)).toEqual([1, 2, 3].map((first) => ({ first, step: 3 })));
  });

  it('is of levels and stages too, and of numbers that are given', () => {
    expect(load('--level', 'high', '--share', '1/4')).toMatchObject({ plan: { totalRequests: 750 }, concurrency: 3 });
    expect(load('--stage', '10s:20', '--share', '0/2').plan.totalRequests).toBe(50);
    const { numbering } = load('--seq-first', '100', '--seq-step', '5', '--share', '1/2');
    expect(numbering).toEqual({ first: 105, step: 10 });
  });

  it('is all of it for one generator', () => {
    expect(load('--level', 'high', '--share', '0/1')).toMatchObject({ plan: { totalRequests: 3000 }, concurrency: 10 });
  });

  it('has together with the others every request of the whole load, when it is due', () => {
    // Even rates: half a request at the very end would be a matter of rounding.
    const rates = fc.integer({ min: 1, max: 25 }).map((half) => 2 * half);
    const stage = fc.record({ seconds: fc.integer({ min: 1, max: 60 }), rate: rates });
    const stages = fc.array(stage, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), stages, (count, given) => {
        const args = given.flatMap(({ seconds, rate }) => ['--stage', `${seconds}s:${rate}`]);
        const whole = dueTimes(load(...args).plan);
        fc.pre(whole.length >= count);
        const parts = Array.from({ length: count }, (_, index) => load(...args, '--share', `${index}/${count}`).plan);
        const together = parts.flatMap(dueTimes).toSorted((a, b) => a - b);
        expect(together).toHaveLength(whole.length);
        for (const [index, due] of together.entries()) expect(due).toBeCloseTo(whole[index] ?? NaN, 2);
      }),
    );
  });

  it('leaves no connection out, and adds none while there are enough', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 10_000 }), (count, connections) => {
        const parts = Array.from({ length: count }, (_, index) => connectionsOf({ index, count }, connections));
        const sum = parts.reduce((all, one) => all + one, 0);
        expect(sum).toBe(Math.max(connections, count));
      }),
    );
  });
});
