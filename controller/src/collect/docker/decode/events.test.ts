import { describe, expect, it } from 'vitest';
import { recordedEngines, recordedEvents, recordedFiles } from '../recorded.ts';
import { decodeEvent } from './events.ts';

describe.each(recordedEngines)('events of engine %s', (engine) => {
  it('are read in every recorded stream', () => {
    for (const file of recordedFiles(engine, 'events')) expect(recordedEvents(engine, file).length).toBeGreaterThan(0);
  });

  it('carry the exit code of an end and the signal of a kill', () => {
    const events = recordedEvents(engine, 'events/kill.ndjson');
    expect(events.find((event) => event.action === 'kill')?.signal).toBe('9');
    expect(events.find((event) => event.action === 'die')?.exitCode).toBe(137);
  });

  it('carry the health that is a suffix of the action', () => {
    const events = recordedEvents(engine, 'events/health-filtered-type-container.ndjson');
    const health = events.filter((event) => event.action === 'health_status').map((event) => event.health);
    expect(health).toEqual(['healthy', 'unhealthy']);
  });

  it('have keys of their own', () => {
    const events = recordedFiles(engine, 'compose')
      .filter((file) => file.endsWith('.ndjson'))
      .flatMap((file) => recordedEvents(engine, file));
    expect(new Set(events.map((event) => event.key)).size).toBe(events.length);
  });
});

describe('an event', () => {
  const event = {
    Type: 'container',
    Action: 'start',
    Actor: { ID: 'a'.repeat(64) },
    timeNano: Number('1795366105881234567'),
  };

  it('needs no legacy fields', () => {
    expect(decodeEvent(event)).toMatchObject({ action: 'start', id: 'a'.repeat(64), at: 1795366105881 });
  });

  it.each([
    null,
    [],
    { ...event, Type: 'network' },
    { ...event, Action: 'exec_start: sh' },
    { ...event, Action: 7 },
    { ...event, Actor: {} },
    { ...event, timeNano: undefined },
  ])('of no interest is left out: %j', (value) => {
    expect(decodeEvent(value)).toBeUndefined();
  });
});
