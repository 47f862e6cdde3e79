/** Targets that are wrong in every way: each gives the right kind of failure, comes to an end, and takes bounded memory. */
import type { RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { percentiles } from './report.ts';
import { listen, run, serve } from './test-attack.ts';

const PIECE = Buffer.alloc(65_536, 'x');

describe('a target that is wrong', () => {
  it('is given up after the timeout when it does not answer', async () => {
    const url = await serve(() => {});
    const { measure } = await run({ url, timeoutMs: 200, concurrency: 5, durationMs: 300 });
    expect([...measure.total.failures]).toEqual([['timeout', 30]]);
    expect(percentiles(measure.total.serviceTime).p50).toBeGreaterThan(0.199);
  });

  it.each<[string, string, number, RequestListener]>([
    ['an error', 'http', 503, (_request, response) => response.writeHead(503).end()],
    ['a connection that breaks', 'reset', 0, (request) => request.socket.destroy()],
    [
      'an answer that breaks off',
      'reset',
      200,
      (request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('0123456789');
        setTimeout(() => request.socket.destroy(), 20);
      },
    ],
    ['something that is not HTTP', 'protocol', 0, (request) => request.socket.end('this is not HTTP\r\n\r\n')],
    [
      'headers without an end',
      'protocol',
      0,
      (request) => request.socket.write(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(200_000)}`),
    ],
    [
      'two lengths',
      'protocol',
      0,
      (request) => request.socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
    ],
  ])('with %s is told as %s', async (_name, kind, status, listener) => {
    const { measure } = await run({ url: await serve(listener) });
    expect([...measure.total.failures]).toEqual([[kind, 10]]);
    expect([...measure.total.statuses]).toEqual(status === 0 ? [] : [[status, 10]]);
  });

  it.each(['127.0.0.1', 'localhost'])('is told as refused when nobody listens on %s', async (host) => {
    const { measure } = await run({ url: new URL(`http://${host}:1`) });
    expect([...measure.total.failures]).toEqual([['refused', 10]]);
  });

  it('is told as unreachable or late when no way leads there', async () => {
    const { measure } = await run({ url: new URL('http://192.0.2.1:9'), timeoutMs: 300 });
    const [[kind, count] = []] = measure.total.failures;
    expect(['refused', 'timeout']).toContain(kind);
    expect(count).toBe(10);
  });

  it('is told as tls when it does not speak it', async () => {
    const url = await serve((_request, response) => response.end());
    const { measure } = await run({ url: new URL(url.href.replace('http:', 'https:')) });
    expect([...measure.total.failures]).toEqual([['tls', 10]]);
  });

  it('does not send us elsewhere: a redirect is an answer', async () => {
    let followed = 0;
    const url = await serve((request, response) => {
      if (request.url === '/next') followed += 1;
      response.writeHead(302, { location: '/next' }).end('moved');
    });
    const { measure } = await run({ url });
    expect([...measure.total.statuses]).toEqual([[302, 10]]);
    expect([followed, measure.total.failures.size, measure.total.bytes]).toEqual([0, 0, 50]);
  });

  it('does not fill our memory: an answer without an end is counted, thrown away, and given up', async () => {
    const url = await serve((_request, response) => {
      const fill = (): void => {
        while (!response.destroyed && response.write(PIECE));
      };
      response.on('drain', fill);
      fill();
    });
    const before = process.memoryUsage().rss;
    const { measure } = await run({ url, ratePerSecond: 20, durationMs: 100, timeoutMs: 500 });
    expect([...measure.total.failures]).toEqual([['timeout', 2]]);
    expect(measure.total.bytes).toBeGreaterThan(10 * PIECE.length);
    // The server lives in this process too: what it holds is one piece for each connection.
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it.each<[string, string]>([
    ['headers', 'HTTP/1.1 200 OK\r\nx-slow: '],
    ['an answer', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'],
  ])('does not hold us up with %s byte by byte', async (_name, start) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.write(start);
        const timer = setInterval(() => socket.write(start.includes('chunked') ? '1\r\nx\r\n' : 'x'), 20);
        socket.on('close', () => clearInterval(timer));
      });
    });
    const { measure } = await run({ url: await listen(server), timeoutMs: 300 });
    expect([...measure.total.failures]).toEqual([['timeout', 10]]);
  });
});
