import { describe, expect, it } from 'vitest';
import { buildGenerator, buildProgress } from './builders.ts';
import type { Output } from './launcher.ts';
import { createSilence, SILENCE_MS } from './silence.ts';

const generator = buildGenerator(1, 'running');
const at = (elapsedSeconds: number): ReadonlyMap<string, Output> =>
  new Map([[generator.id, { complaint: '', progress: buildProgress({ elapsedSeconds }) }]]);

describe('silence', () => {
  it('is a generator that says the same for too long', () => {
    const silence = createSilence();
    expect(silence.observe([generator], at(1), 0).size).toBe(0);
    expect(silence.observe([generator], at(1), SILENCE_MS).size).toBe(0);
    expect([...silence.observe([generator], at(1), SILENCE_MS + 1)]).toEqual([generator.id]);
    expect(silence.observe([generator], at(2), SILENCE_MS + 2).size).toBe(0);
  });

  it('is not one that has ended, or has not begun', () => {
    const silence = createSilence();
    silence.observe([generator], at(1), 0);
    expect(silence.observe([buildGenerator(1, 'ended')], at(1), 2 * SILENCE_MS).size).toBe(0);
    expect(silence.observe([generator], new Map(), 3 * SILENCE_MS).size).toBe(0);
  });
});
