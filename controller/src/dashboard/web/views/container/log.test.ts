import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../../answers/container.ts';
import { emptyLog, MAX_LINES, paused, reconnected, resumed, withLines } from './log-buffer.ts';
import { matches, pieces } from './log-search.ts';

const line = (text: string): LogLine => ({ at: null, stream: 'stdout', text });
const many = (count: number): readonly LogLine[] => Array.from({ length: count }, (_, index) => line(`line ${index}`));

describe('the tail of a log', () => {
  it('keeps the newest lines and counts what it had to drop', () => {
    const log = withLines(withLines(emptyLog, many(MAX_LINES), 0), [line('newest')], 0);
    expect(log.lines).toHaveLength(MAX_LINES);
    expect(log.lines.at(-1)?.text).toBe('newest');
    expect(log.dropped).toBe(1);
  });

  it('adds up the lines that the connection left out', () => {
    expect(withLines(withLines(emptyLog, many(1), 3), [], 4).skipped).toBe(7);
  });

  it('stands still while paused and goes on with what came meanwhile', () => {
    const still = withLines(paused(withLines(emptyLog, [line('a')], 0)), [line('b')], 0);
    expect(still.lines.map(({ text }) => text)).toEqual(['a']);
    expect(still.waiting).toHaveLength(1);
    const on = resumed(still);
    expect(on.lines.map(({ text }) => text)).toEqual(['a', 'b']);
    expect(on.waiting).toEqual([]);
  });

  it('holds a bounded number while paused', () => {
    const log = withLines(paused(emptyLog), many(MAX_LINES + 5), 0);
    expect(log.waiting).toHaveLength(MAX_LINES);
    expect(log.dropped).toBe(5);
  });

  it('begins anew after a reconnect, with ids of its own', () => {
    const before = withLines(emptyLog, many(3), 0);
    const after = withLines(reconnected(before), many(3), 0);
    expect(after.lines).toHaveLength(3);
    expect(after.lines.some(({ id }) => before.lines.some((old) => old.id === id))).toBe(false);
  });
});

describe('a search in a log', () => {
  it.each([
    ['Error: no error', 'error', ['Error', ': no ', 'error']],
    ['<script>x</script>', 'SCRIPT', ['<', 'script', '>x</', 'script', '>']],
    ['nothing here', 'gone', ['nothing here']],
    ['all', '', ['all']],
    ['', 'x', ['']],
  ])('in %j for %j marks the hits', (text, search, wanted) => {
    expect(pieces(text, search).map((piece) => piece.text)).toEqual(wanted);
  });

  it('never changes the line', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ maxLength: 3 }), (text, search) => {
        expect(
          pieces(text, search)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
        expect(pieces(text, search).some(({ isHit }) => isHit) && !matches(text, search)).toBe(false);
      }),
    );
  });
});
