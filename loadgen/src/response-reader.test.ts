import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResponseReader, type Progress } from './response-reader.ts';

interface Read {
  readonly progress: Progress;
  readonly status: number | undefined;
  readonly bytes: number;
}

function read(
  answer: string,
  { cuts = [], isHead = false }: { cuts?: readonly number[]; isHead?: boolean } = {},
): Read {
  const bytes = Buffer.from(answer, 'latin1');
  const reader = createResponseReader();
  reader.expect(isHead);
  const edges = [0, ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length];
  let progress: Progress = 'more';
  for (const [index, from] of edges.entries()) {
    const chunk = bytes.subarray(from, edges[index + 1]);
    if (chunk.length > 0 && index < edges.length - 1) progress = reader.read(chunk);
  }
  return { progress, status: reader.status(), bytes: reader.bodyBytes() };
}

const ok = 'HTTP/1.1 200 OK\r\n';
const answers: readonly (readonly [string, string, Read])[] = [
  ['a length', `${ok}Content-Length: 5\r\n\r\nhello`, { progress: 'kept', status: 200, bytes: 5 }],
  ['no body', `${ok}Content-Length: 0\r\n\r\n`, { progress: 'kept', status: 200, bytes: 0 }],
  ['no reason phrase', 'HTTP/1.1 204\r\n\r\n', { progress: 'kept', status: 204, bytes: 0 }],
  ['304 with a length', 'HTTP/1.1 304 x\r\ncontent-length: 9\r\n\r\n', { progress: 'kept', status: 304, bytes: 0 }],
  [
    'chunks, an extension and a trailer',
    `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nx: y\r\n\r\n`,
    { progress: 'kept', status: 200, bytes: 15 },
  ],
  [
    'an interim answer first',
    `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 500 x\r\ncontent-length:2\r\n\r\nno`,
    { progress: 'kept', status: 500, bytes: 2 },
  ],
  [
    'a wish to close',
    `${ok}connection: Close\r\ncontent-length: 2\r\n\r\nok`,
    { progress: 'last', status: 200, bytes: 2 },
  ],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok', { progress: 'last', status: 200, bytes: 2 }],
  [
    'HTTP/1.0 that stays',
    'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\ncontent-length: 2\r\n\r\nok',
    { progress: 'kept', status: 200, bytes: 2 },
  ],
  ['less than was said', `${ok}content-length: 5\r\n\r\nhell`, { progress: 'more', status: 200, bytes: 4 }],
];

describe('an answer', () => {
  it.each(answers)('with %s is read', (_name, answer, expected) => {
    expect(read(answer)).toEqual(expected);
  });

  it('is read the same in whatever pieces it comes', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...answers), cuts, ([, answer, expected], at) => {
        expect(read(answer, { cuts: at })).toEqual(expected);
      }),
    );
  });

  it('to HEAD has no body, whatever length it names', () => {
    expect(read(`${ok}content-length: 5\r\n\r\n`, { isHead: true })).toMatchObject({ progress: 'kept', bytes: 0 });
  });

  it('without a length goes on to the end of the connection', () => {
    const reader = createResponseReader();
    reader.expect(false);
    expect(reader.read(Buffer.from(`${ok}\r\nhello`))).toBe('more');
    expect([reader.end(), reader.bodyBytes()]).toEqual([true, 5]);
  });

  it('that breaks off is no whole one', () => {
    const reader = createResponseReader();
    reader.expect(false);
    reader.read(Buffer.from(`${ok}content-length: 5\r\n\r\nhell`));
    expect(reader.end()).toBe(false);
  });

  it('says with the first one how long an idle connection is kept', () => {
    const reader = createResponseReader();
    reader.expect(false);
    expect(reader.keptIdleMs()).toBeUndefined();
    reader.read(Buffer.from(`${ok}Keep-Alive: timeout=5, max=100\r\ncontent-length: 0\r\n\r\n`));
    expect(reader.keptIdleMs()).toBe(5000);
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['no status', 'HTTP/1.1 OK\r\n\r\n'],
    ['a length that is no number', `${ok}content-length: abc\r\n\r\nab`],
    ['two lengths', `${ok}content-length: 1\r\nContent-Length: 2\r\n\r\nab`],
    ['more than its length', `${ok}content-length: 2\r\n\r\nabc`],
    ['a chunk without a size', `${ok}transfer-encoding: chunked\r\n\r\nzz\r\n`],
    ['a chunk longer than it says', `${ok}transfer-encoding: chunked\r\n\r\n2\r\nabc\r\n`],
    ['a head without an end', `${ok}x: ${'a'.repeat(20_000)}`],
    ['another protocol unasked', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n'],
  ])('with %s is refused', (_name, answer) => {
    expect(() => read(answer)).toThrow(expect.objectContaining({ code: 'HPE_INVALID' }));
  });
});
