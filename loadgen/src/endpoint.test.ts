import { describe, expect, it } from 'vitest';
import { createPicker, parseEndpoint } from './endpoint.ts';

describe('parseEndpoint', () => {
  it.each([
    ['/', 'GET', '/', 1],
    ['/health@3', 'GET', '/health', 3],
    ['POST /orders', 'POST', '/orders', 1],
    ['delete  /orders/7@0.5', 'DELETE', '/orders/7', 0.5],
    ['/search?q=a@b', 'GET', '/search?q=a@b', 1],
    ['/user@example.org@2', 'GET', '/user@example.org', 2],
  ])('reads %s', (text, method, path, weight) => {
    expect(parseEndpoint(text)).toEqual({ method, path, weight });
  });

  it.each(['', 'health', 'http://other/', 'GET health', '/with space', '/line\nbreak', '/umläut'])(
    'refuses %j',
    (text) => {
      expect(() => parseEndpoint(text)).toThrow(/is not an endpoint: write/);
    },
  );

  it.each(['/x@0', '/x@1000001'])('refuses the weight of %s', (text) => {
    expect(() => parseEndpoint(text)).toThrow(/weight is above 0/);
  });

  it('refuses a method that a pool cannot carry', () => {
    expect(() => parseEndpoint('CONNECT /')).toThrow(/the method is one of GET/);
  });
});

describe('createPicker', () => {
  const endpoints = [parseEndpoint('/a@1'), parseEndpoint('/b@3'), parseEndpoint('/c@6')];
  const draw = (seed: number): number[] => {
    const pick = createPicker(endpoints, seed);
    return Array.from({ length: 20_000 }, pick);
  };

  it('repeats its choice for a seed and differs for another', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('follows the weights', () => {
    const counts = [0, 0, 0];
    for (const index of draw(1)) counts[index] = (counts[index] ?? 0) + 1;
    const shares = counts.map((count) => count / 20_000);
    expect(shares[0]).toBeCloseTo(0.1, 1);
    expect(shares[1]).toBeCloseTo(0.3, 1);
    expect(shares[2]).toBeCloseTo(0.6, 1);
  });
});
