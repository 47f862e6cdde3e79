import { describe, expect, it } from 'vitest';
import { isOn, isOver } from './load-words.ts';

describe('what can be done with a load test', () => {
  it.each([
    ['stopped while it runs', 'running', false, { on: true, over: false }],
    ['stopped while it may not begin yet', 'pending', false, { on: true, over: false }],
    ['run again when somebody stopped it', 'pending', true, { on: false, over: true }],
    ['run again when it has ended', 'finished', false, { on: false, over: true }],
  ] as const)('%s', (_what, phase, suspended, wanted) => {
    expect({ on: isOn({ phase, suspended }), over: isOver({ phase, suspended }) }).toEqual(wanted);
  });
});
