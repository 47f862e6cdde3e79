import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventRing } from './event-ring.ts';

const texts = (events: readonly Buffer[] | undefined) => events?.map(String);

describe('an event ring', () => {
  it('gives what came after a number, or says that some of it is gone', () => {
    const ring = createEventRing({ maxEvents: 3, maxBytes: 1000 });
    expect(texts(ring.after(0))).toEqual([]);
    for (const text of ['a', 'b', 'c', 'd']) ring.push(Buffer.from(text));
    expect(texts(ring.after(4))).toEqual([]);
    expect(texts(ring.after(2))).toEqual(['c', 'd']);
    expect(texts(ring.after(1))).toEqual(['b', 'c', 'd']);
    expect(ring.after(0)).toBeUndefined();
    expect(ring.after(5)).toBeUndefined();
  });

  it('knows its own ids, and those of no other process', () => {
    const ring = createEventRing({ maxEvents: 3, maxBytes: 1000 });
    ring.push(Buffer.from('a'));
    expect(ring.sequenceOf(ring.idOf(1))).toBe(1);
    expect(ring.sequenceOf(ring.idOf(2))).toBeUndefined();
    const other = createEventRing({ maxEvents: 3, maxBytes: 1000 });
    for (const id of [other.idOf(0), '', '1', 'x.1', `${ring.idOf(1)}\n`, `${ring.idOf(1)} `]) {
      expect(ring.sequenceOf(id)).toBeUndefined();
    }
  });

  it('says after it was cleared that whoever was there before has missed something', () => {
    const ring = createEventRing({ maxEvents: 3, maxBytes: 1000 });
    ring.push(Buffer.from('a'));
    ring.clear();
    expect(ring.after(1)).toBeUndefined();
    expect(texts(ring.after(2))).toEqual([]);
  });

  it('is never larger than its bounds, and what it gives is always the end without a gap', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, fc.nat(70), (lengths, asked) => {
        const ring = createEventRing({ maxEvents: 8, maxBytes: 100 });
        const pushed = lengths.map((length, index) => Buffer.from(`${index}:`.padEnd(length, '.')));
        for (const event of pushed) ring.push(event);
        const given = ring.after(asked);
        if (given === undefined) return;
        expect(given.length).toBeLessThanOrEqual(8);
        expect(given.reduce((sum, event) => sum + event.length, 0)).toBeLessThanOrEqual(100);
        expect(texts(given)).toEqual(pushed.slice(asked).map(String));
      }),
    );
  });
});
