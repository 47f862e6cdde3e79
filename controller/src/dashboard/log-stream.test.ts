import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import type { LogChunk } from '../model/container.ts';
import type { LogLines } from './answers/container.ts';
import { createLogStreams, type LogStreams } from './log-stream.ts';

let clock: FakeClock;
let streams: LogStreams;
let server: Server;
let source: (signal: AbortSignal) => AsyncIterable<LogChunk>;
let refused = 0;
let isStillIn = true;

beforeEach(async () => {
  clock = createFakeClock();
  refused = 0;
  isStillIn = true;
  const log = createSilentLog();
  streams = createLogStreams({ containers: { log: async (_id, _tail, signal) => source(signal) }, clock, log });
  server = createServer((_request, response) => {
    if (streams.open(response, { targetId: 'local/web', tailLines: 5, isStillIn: () => isStillIn })) return;
    refused += 1;
    response.writeHead(503).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  streams.stop();
  server.closeAllConnections();
  server.close();
});

async function view(): Promise<{ readonly text: () => string; readonly response: IncomingMessage }> {
  const { port } = server.address() as AddressInfo;
  const call = get({ port, host: '127.0.0.1' }).on('error', () => undefined);
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  response.on('error', () => undefined);
  return { text: () => text, response };
}

async function* forEver(signal: AbortSignal, make: () => LogChunk | undefined): AsyncGenerator<LogChunk> {
  for (;;) {
    const chunk = make();
    if (chunk === undefined) await once(signal, 'abort');
    if (signal.aborted || chunk === undefined) return;
    yield chunk;
  }
}

const linesOf = (text: string): readonly LogLines[] =>
  [...text.matchAll(/event: lines\ndata: (.*)\n/g)].map(([, data]) => JSON.parse(data ?? '') as LogLines);

it('reads no faster than it may send, and says what it left out', async () => {
  let made = 0;
  const bytes = Buffer.from('x\n'.repeat(50_000));
  source = (signal) =>
    forEver(signal, () => {
      made += 1;
      return { stream: 'stdout', bytes };
    });
  const viewer = await view();
  await expect.poll(() => made).toBe(10);
  await clock.advance(250);
  await expect.poll(() => linesOf(viewer.text())).toHaveLength(1);
  const [first] = linesOf(viewer.text());
  expect(first?.lines).toHaveLength(500);
  expect(first?.skipped).toBe(10 * 50_000 - 500);
  await expect.poll(() => made).toBe(20);
});

it('ends when the container has ended, with what is left', async () => {
  source = async function* () {
    yield { stream: 'stderr', bytes: Buffer.from('last words') };
  };
  const { response, text } = await view();
  await once(response, 'end');
  expect(linesOf(text())).toMatchObject([{ lines: [{ text: 'last words' }] }]);
  expect(text()).toContain('event: end\ndata: {"reason":"ended"');
  await expect.poll(() => streams.viewers()).toBe(0);
});

it('says why when the host breaks off', async () => {
  source = async function* () {
    yield { stream: 'stdout', bytes: Buffer.from('one\n') };
    throw new Error('the engine is away');
  };
  const { response, text } = await view();
  await once(response, 'end');
  expect(text()).toContain('{"reason":"unavailable","message":"the engine is away"}');
});

it('has so many viewers and no more, and room again when one is gone', async () => {
  source = (signal) => forEver(signal, () => undefined);
  const viewers = await Promise.all(Array.from({ length: 20 }, view));
  expect((await view()).response.statusCode).toBe(503);
  expect(refused).toBe(1);
  viewers[0]?.response.destroy();
  await expect.poll(() => streams.viewers()).toBe(19);
});

it('sends a sign of life while nothing is written', async () => {
  source = (signal) => forEver(signal, () => undefined);
  const { text } = await view();
  for (let waited = 0; waited < 16_000; waited += 250) await clock.advance(250);
  await expect.poll(text).toContain(': still here');
});

it('ends when its reader signs out', async () => {
  source = (signal) => forEver(signal, () => undefined);
  const { text } = await view();
  await expect.poll(() => streams.viewers()).toBe(1);
  isStillIn = false;
  await expect
    .poll(async () => {
      await clock.advance(250);
      return text();
    })
    .toContain('"reason":"signedOut"');
  await expect.poll(() => streams.viewers()).toBe(0);
});
