import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../clock.ts';
import { createFakeClock } from '../../fake-clock.ts';
import type { ProbeResult } from '../../model/observation.ts';
import type { HttpProbeSpec, TcpProbeSpec } from '../../model/policy.ts';
import { createProber } from './probe.ts';
import { freePort } from '../../free-port.ts';

const never = new AbortController().signal;
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function listen(server: Server | TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function httpSpec(changes: Partial<HttpProbeSpec>): HttpProbeSpec {
  return {
    kind: 'http',
    name: 'web',
    url: 'http://127.0.0.1',
    method: 'GET',
    headers: {},
    expectedStatus: [200],
    timeoutMs: 5000,
    ...changes,
  };
}

function probe(spec: HttpProbeSpec | TcpProbeSpec, clock: Clock = systemClock): Promise<ProbeResult> {
  return createProber({ env: {}, clock }).run(spec, never);
}

async function probeServer(listener: RequestListener, changes: Partial<HttpProbeSpec> = {}): Promise<ProbeResult> {
  const port = await listen(createServer(listener));
  return probe(httpSpec({ url: `http://127.0.0.1:${port}/health?full=1`, ...changes }));
}

function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url));
}

function tcpSpec(port: number, host = '127.0.0.1'): TcpProbeSpec {
  return { kind: 'tcp', name: 'port', host, port, timeoutMs: 1000 };
}

describe('an http probe', () => {
  it('is up with status and latency when the server answers as expected', async () => {
    const clock = createFakeClock();
    const port = await listen(createServer((_request, response) => response.end('fine')));
    const result = await probe(httpSpec({ url: `http://127.0.0.1:${port}` }), clock);
    expect(result).toEqual({ protocol: 'http', at: clock.now(), up: true, status: 200, latencyMs: expect.any(Number) });
    expect(result.latencyMs).toBeGreaterThan(0);
  });

  it('sends method, path, query, headers and the user of the address, on a connection that it closes', async () => {
    const seen: unknown[] = [];
    const port = await listen(
      createServer(({ method, url, headers }, response) => {
        seen.push({ method, url, host: headers.host, authorization: headers.authorization, token: headers['x-token'] });
        seen.push(headers.connection);
        response.end();
      }),
    );
    const url = `http://us%40er:100%@127.0.0.1:${port}/a%20b?c=d`;
    await probe(httpSpec({ url, method: 'POST', headers: { 'X-Token': 'secret' } }));
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/a%20b?c=d',
        host: `127.0.0.1:${port}`,
        authorization: `Basic ${btoa('us@er:100%')}`,
        token: 'secret',
      },
      'close',
    ]);
  });

  it.each([
    [503, [200], false],
    [404, [200, 404], true],
    [302, [200], false],
    [302, [302], true],
  ])('reports %i with %j expected as up: %s, and follows no redirect', async (status, expectedStatus, up) => {
    let requests = 0;
    const result = await probeServer(
      (_request, response) => {
        requests += 1;
        response.writeHead(status, { location: '/elsewhere' }).end();
      },
      { expectedStatus },
    );
    expect(requests).toBe(1);
    const error = up ? undefined : { kind: 'status', message: `answered ${status}, expected 200` };
    expect(result).toMatchObject({ up, status, latencyMs: expect.any(Number) });
    expect(result.error).toEqual(error);
  });

  it('reads no more than its bound of an endless body, and is up', async () => {
    const chunk = Buffer.alloc(16_384);
    const result = await probeServer((_request, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(chunk)) if (response.closed) return;
      };
      response.on('drain', write);
      write();
    });
    expect(result).toMatchObject({ up: true, status: 200 });
  });

  it('names a refused connection', async () => {
    const result = await probe(httpSpec({ url: `http://127.0.0.1:${await freePort()}` }));
    expect(result).toMatchObject({ up: false, error: { kind: 'refused' } });
    expect(result).not.toHaveProperty('status');
    expect(result).not.toHaveProperty('latencyMs');
  });

  it('names a connection that is reset before the answer', async () => {
    const result = await probeServer((request) => request.socket.resetAndDestroy());
    expect(result).toMatchObject({ up: false, error: { kind: 'reset' } });
  });

  it('names a body that breaks off, and keeps the status', async () => {
    const result = await probeServer((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => request.socket.destroy());
    });
    expect(result).toMatchObject({ up: false, status: 200, error: { kind: 'reset' } });
    expect(result).not.toHaveProperty('latencyMs');
  });

  it('names a host that does not exist', async () => {
    const result = await probe(httpSpec({ url: 'http://no-such-host.invalid/' }));
    expect(result).toMatchObject({ up: false, error: { kind: 'dns' } });
  });

  it('names an answer that is not HTTP', async () => {
    const port = await listen(createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
    const result = await probe(httpSpec({ url: `http://127.0.0.1:${port}` }));
    expect(result.error?.kind).toBe('network');
    expect(result.error?.message).toContain('not HTTP');
  });

  it.each(['webapp:8000', 'ftp://host/file', '', 'http://'])('refuses the address %j', async (url) => {
    expect((await probe(httpSpec({ url }))).error?.kind).toBe('config');
  });

  it('refuses a header that would forge another one', async () => {
    const result = await probeServer((_request, response) => response.end(), { headers: { a: 'b\r\nc: d' } });
    expect(result.error?.kind).toBe('config');
  });
});

async function timeOut(server: Server, reached: Promise<unknown>): Promise<ProbeResult> {
  const clock = createFakeClock();
  const port = await listen(server);
  const result = probe(httpSpec({ url: `http://127.0.0.1:${port}` }), clock);
  await reached;
  await clock.advance(4999);
  expect(await Promise.race([result, Promise.resolve('still waiting')])).toBe('still waiting');
  await clock.advance(1);
  return result;
}

describe('an http probe of a server that takes too long', () => {
  it('gives up when no header comes', async () => {
    const reached = Promise.withResolvers<void>();
    const result = await timeOut(
      createServer(() => reached.resolve()),
      reached.promise,
    );
    expect(result).toMatchObject({ up: false, error: { kind: 'timeout', message: 'no answer within 5000 ms' } });
    expect(result).not.toHaveProperty('status');
  });

  it('gives up when the headers come byte by byte', async () => {
    const reached = Promise.withResolvers<void>();
    const server = createTcpServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
      socket.on('data', () => socket.write('a', () => reached.resolve()));
    }) as Server;
    expect(await timeOut(server, reached.promise)).toMatchObject({ up: false, error: { kind: 'timeout' } });
  });

  it('gives up when the body never ends, and keeps the status', async () => {
    const reached = Promise.withResolvers<void>();
    const received = (): void => reached.resolve();
    subscribe('undici:request:headers', received);
    closers.push(() => unsubscribe('undici:request:headers', received));
    const server = createServer((_request, response) => response.write('a'));
    expect(await timeOut(server, reached.promise)).toMatchObject({
      up: false,
      status: 200,
      error: { kind: 'timeout', message: 'no answer within 5000 ms' },
    });
  });

  it('is called off by its caller', async () => {
    const caller = new AbortController();
    const port = await listen(createServer(() => caller.abort()));
    const prober = createProber({ env: {}, clock: createFakeClock() });
    const result = await prober.run(httpSpec({ url: `http://127.0.0.1:${port}` }), caller.signal);
    expect(result.error).toEqual({ kind: 'network', message: 'the probe was called off' });
  });

  it('is called off by stop, and every later run too', async () => {
    const reached = Promise.withResolvers<void>();
    const port = await listen(createServer(() => reached.resolve()));
    const prober = createProber({ env: {}, clock: createFakeClock() });
    const spec = httpSpec({ url: `http://127.0.0.1:${port}` });
    const running = prober.run(spec, never);
    await reached.promise;
    await prober.stop();
    await prober.stop();
    expect((await running).error?.kind).toBe('network');
    expect((await prober.run(spec, never)).error?.kind).toBe('network');
  });
});

async function probeTls(name: string): Promise<ProbeResult> {
  const options = { cert: fixture(`${name}.pem`), key: fixture(`${name}.key`) };
  const port = await listen(createTlsServer(options, (_request, response) => response.end()));
  return probe(httpSpec({ url: `https://localhost:${port}` }));
}

describe('an https probe', () => {
  const usual = getCACertificates('default');
  beforeAll(() => setDefaultCACertificates([...usual, fixture('ca.pem').toString()]));
  afterAll(() => setDefaultCACertificates(usual));

  it('is up when the certificate is good', async () => {
    expect(await probeTls('valid')).toMatchObject({ up: true, status: 200 });
  });

  it.each([
    ['expired', 'the certificate has expired (CERT_HAS_EXPIRED)'],
    ['self-signed', 'the certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)'],
    ['other-host', 'the certificate is for another host name (ERR_TLS_CERT_ALTNAME_INVALID)'],
  ])('says what is wrong with a certificate that is %s', async (name, message) => {
    expect(await probeTls(name)).toMatchObject({ up: false, error: { kind: 'tls', message } });
  });

  it('says so when the port does not speak TLS', async () => {
    const port = await listen(createServer((_request, response) => response.end()));
    expect((await probe(httpSpec({ url: `https://localhost:${port}` }))).error?.kind).toBe('tls');
  });
});

describe('a tcp probe', () => {
  it('is up when the port accepts, and closes its connection', async () => {
    const closed = Promise.withResolvers<void>();
    const port = await listen(createTcpServer((socket) => socket.resume().on('close', () => closed.resolve())));
    expect(await probe(tcpSpec(port))).toMatchObject({ protocol: 'tcp', up: true, latencyMs: expect.any(Number) });
    await closed.promise;
  });

  it('names a refused connection and a host that does not exist', async () => {
    expect((await probe(tcpSpec(await freePort()))).error?.kind).toBe('refused');
    expect((await probe(tcpSpec(80, 'no-such-host.invalid'))).error?.kind).toBe('dns');
  });

  it('answers with the reason when the port is no port', async () => {
    expect(await probe(tcpSpec(70_000))).toMatchObject({ up: false, error: { kind: 'config' } });
  });
});
