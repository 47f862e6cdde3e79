import { describe, expect, it } from 'vitest';
import type { ContainerEvent } from './decode/events.ts';
import { createEventMemory } from './event-memory.ts';
import { recordedEngines, recordedEvents } from './recorded.ts';

describe('the memory of the event stream', () => {
  it.each(recordedEngines)('lets each event of engine %s through once', (engine) => {
    const memory = createEventMemory();
    const events = recordedEvents(engine, 'events/restart.ndjson');
    expect(events.every((event) => memory.isNew(event))).toBe(true);
    expect(events.some((event) => memory.isNew(event))).toBe(false);
  });

  it('resumes a moment before the newest event', () => {
    const memory = createEventMemory();
    expect(memory.since()).toBeUndefined();
    memory.isNew(eventAt(1_795_366_105_881_234_567n));
    memory.isNew(eventAt(1_795_366_105_000_000_000n));
    expect(memory.since()).toBe('1795366105.881233567');
  });

  it('is bounded', () => {
    const memory = createEventMemory();
    for (let n = 1n; n <= 3000n; n += 1n) memory.isNew(eventAt(n));
    expect(memory.isNew(eventAt(1n))).toBe(true);
    expect(memory.isNew(eventAt(3000n))).toBe(false);
  });
});

function eventAt(timeNano: bigint): ContainerEvent {
  return { action: 'start', id: 'a', name: 'a', at: Number(timeNano / 1_000_000n), timeNano, key: `${timeNano}` };
}
