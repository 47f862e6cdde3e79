import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProxy } from './proxy.ts';

type Handler = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

let directory: string;
let socketPath: string;
let servers: Server[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'socket-proxy-'));
  socketPath = join(directory, 'engine.sock');
  servers = [];
});

afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await rm(directory, { recursive: true });
});

async function startEngine(handler: Handler): Promise<void> {
  const engine = createServer(handler);
  servers.push(engine);
  await new Promise<void>((resolve) => engine.listen(socketPath, resolve));
}

async function startProxy(): Promise<number> {
  const proxy = createProxy(socketPath);
  servers.push(proxy);
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address() as AddressInfo;
  return address.port;
}

function call(port: number, options: { method?: string; path: string; headers?: Record<string, string> }) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, ...options }, resolve)
      .on('error', reject)
      .end();
  });
}

describe('the socket proxy', () => {
  it('passes an allowed call on with its query and answers with status, headers and body of the engine', async () => {
    const seen: string[] = [];
    await startEngine((incoming, outgoing) => {
      seen.push(`${incoming.method} ${incoming.url}`);
      outgoing.writeHead(404, { 'content-type': 'application/json', 'api-version': '1.41' });
      outgoing.end('{"message":"No such container"}');
    });
    const answer = await call(await startProxy(), { path: '/v1.41/containers/web/stats?stream=false' });
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['api-version']).toBe('1.41');
    expect(await text(answer)).toBe('{"message":"No such container"}');
    expect(seen).toEqual(['GET /v1.41/containers/web/stats?stream=false']);
  });

  it('answers 403 to another call, and the engine does not hear of it', async () => {
    let calls = 0;
    await startEngine((_, outgoing) => {
      calls += 1;
      outgoing.end();
    });
    const answer = await call(await startProxy(), { method: 'POST', path: '/containers/web/stop' });
    expect(answer.statusCode).toBe(403);
    expect(await text(answer)).toContain('allow-list');
    expect(calls).toBe(0);
  });

  it('does not pass the headers of the caller on', async () => {
    let seen: IncomingMessage['headers'] = {};
    await startEngine((incoming, outgoing) => {
      seen = incoming.headers;
      outgoing.end('{}');
    });
    const answer = await call(await startProxy(), { path: '/info', headers: { 'X-Registry-Auth': 'secret' } });
    await text(answer);
    expect(seen['x-registry-auth']).toBeUndefined();
  });

  it('streams events as they come, and hangs up on the engine when the caller goes', async () => {
    const engineSideClosed = Promise.withResolvers<string>();
    await startEngine((_, outgoing) => {
      outgoing.on('close', () => engineSideClosed.resolve('closed'));
      outgoing.write('{"status":"start"}\n');
    });
    const answer = await call(await startProxy(), { path: '/events' });
    const [first] = (await answer.take(1).toArray()) as Buffer[];
    expect(String(first)).toBe('{"status":"start"}\n');
    answer.destroy();
    expect(await engineSideClosed.promise).toBe('closed');
  });

  it('answers 502 with the reason when no engine listens', async () => {
    const answer = await call(await startProxy(), { path: '/_ping' });
    expect(answer.statusCode).toBe(502);
    expect(await text(answer)).toContain('does not answer');
  });
});
