import { describe, expect, it } from 'vitest';
import { removeCondition, setCondition, type Condition } from './conditions.ts';

const at = Date.UTC(2026, 0, 13, 10, 0, 0);
const ready = { type: 'Ready', status: 'True', reason: 'Evaluating', message: '' } as const;
const first = setCondition([], ready, at);

describe('setCondition', () => {
  it('adds a condition with the time of its first status', () => {
    expect(first).toEqual([{ ...ready, lastTransitionTime: '2026-01-13T10:00:00Z' }]);
  });

  it.each<[string, Partial<Condition>, string]>([
    ['keeps the time when only the message changes', { message: 'two targets' }, '2026-01-13T10:00:00Z'],
    ['keeps the time when only the reason changes', { reason: 'Fine' }, '2026-01-13T10:00:00Z'],
    ['keeps the time when only the generation changes', { observedGeneration: 2 }, '2026-01-13T10:00:00Z'],
    ['moves the time when the status flips', { status: 'False' }, '2026-01-13T10:01:00Z'],
  ])('%s', (_name, change, lastTransitionTime) => {
    expect(setCondition(first, { ...ready, ...change }, at + 60_000)).toEqual([
      { ...ready, ...change, lastTransitionTime },
    ]);
  });

  it('leaves the others and their order alone', () => {
    const two = setCondition(first, { ...ready, type: 'Alerting' }, at);
    expect(setCondition(two, ready, at + 1).map((condition) => condition.type)).toEqual(['Ready', 'Alerting']);
  });

  it('takes a condition out', () => {
    expect(removeCondition(first, 'Ready')).toEqual([]);
  });
});
