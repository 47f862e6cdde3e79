import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAttack, type AttackOptions, type AttackOutcome } from './attack.ts';
import { createMeasure, type Measure } from './measure.ts';
import { createPlan } from './plan.ts';
import { percentiles } from './report.ts';

async function listen(server: Server | TcpServer): Promise<URL> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function serve(listener: RequestListener): Promise<URL> {
  return listen(createServer(listener));
}

interface Outcome extends AttackOutcome {
  readonly measure: Measure;
}

interface RunOptions extends Partial<AttackOptions> {
  readonly url: URL;
  readonly ratePerSecond?: number;
  readonly durationMs?: number;
  readonly signal?: AbortSignal;
}

async function run(options: RunOptions): Promise<Outcome> {
  const { ratePerSecond = 100, durationMs = 100, signal = new AbortController().signal, ...rest } = options;
  const measure = createMeasure(1);
  const attack = await startAttack(
    {
      plan: createPlan([{ durationMs, ratePerSecond, shape: 'constant' }]),
      requests: [() => ({ method: 'GET', path: '/' })],
      pick: () => 0,
      timeoutMs: 5_000,
      concurrency: 20,
      ...rest,
    },
    (result) => measure.record(result),
    signal,
  );
  return { measure, ...(await attack.done) };
}

describe('startAttack', () => {
  it('sends exactly the requests of the plan, evenly, over connections that it opened before', async () => {
    const arrivals: number[] = [];
    let connections = 0;
    let connectionsAtFirst = 0;
    const server = createServer((_request, response) => {
      if (arrivals.length === 0) connectionsAtFirst = connections;
      arrivals.push(performance.now());
      response.end('hello');
    });
    server.on('connection', () => (connections += 1));
    const { measure, ended, durationMs } = await run({
      url: await listen(server),
      ratePerSecond: 500,
      durationMs: 600,
    });
    expect([arrivals.length, measure.total.requests, ended]).toEqual([300, 300, 'completed']);
    expect([...measure.total.statuses]).toEqual([[200, 300]]);
    expect(measure.total.bytes).toBe(1_500);
    expect(durationMs).toBeGreaterThanOrEqual(600);
    expect(connectionsAtFirst).toBeGreaterThan(1);
    expect(connections).toBe(20);
    const firstHalf = arrivals.filter((at) => at - (arrivals[0] ?? 0) < 300).length;
    expect(Math.abs(firstHalf - 150)).toBeLessThan(60);
  });

  it('shows a stall of a second to every request that was due meanwhile', async () => {
    let stallUntil = Infinity;
    const url = await serve((_request, response) => {
      if (stallUntil === Infinity) stallUntil = performance.now() + 1_000;
      setTimeout(() => response.end(), Math.max(stallUntil - performance.now(), 0));
    });
    const { measure, durationMs } = await run({ url, ratePerSecond: 200, durationMs: 2_000, concurrency: 10 });
    const latency = percentiles(measure.total.latency);
    expect(measure.total.requests).toBe(400);
    // Half of the requests were due in the stalled second, evenly: the p75 waited half of it, the p99 all but 2 %.
    expect(latency.p75).toBeGreaterThan(0.45);
    expect(latency.p99).toBeGreaterThan(0.96);
    expect(latency.p99).toBeLessThan(1.5);
    // A closed model would only see the ten that were on their way.
    expect(percentiles(measure.total.serviceTime).p95).toBeLessThan(0.5);
    expect(measure.total.late).toBeGreaterThan(150);
    // What was due after the stall was sent in time again.
    expect(percentiles(measure.lag).p99).toBeLessThan(0.1);
    expect(durationMs).toBeLessThan(2_800);
  });

  it('gives up a request after its timeout and ends in time', async () => {
    const url = await serve(() => {});
    const { measure, durationMs } = await run({ url, timeoutMs: 200, concurrency: 5, durationMs: 300 });
    expect([...measure.total.failures]).toEqual([['timeout', 30]]);
    expect(percentiles(measure.total.serviceTime).p50).toBeGreaterThan(0.199);
    expect(percentiles(measure.total.serviceTime).p50).toBeLessThan(0.3);
    expect(durationMs).toBeLessThan(900);
  });

  it.each<[string, number, RequestListener]>([
    ['http', 503, (_request, response) => response.writeHead(503).end()],
    ['reset', 0, (request) => request.socket.destroy()],
    ['protocol', 0, (request) => request.socket.end('this is not HTTP\r\n\r\n')],
  ])('tells the failure %s', async (kind, status, listener) => {
    const { measure } = await run({ url: await serve(listener) });
    expect([...measure.total.failures]).toEqual([[kind, 10]]);
    expect([...measure.total.statuses]).toEqual(status === 0 ? [] : [[status, 10]]);
  });

  it('tells that nobody listens', async () => {
    const server = createTcpServer();
    const url = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const { measure } = await run({ url });
    expect([...measure.total.failures]).toEqual([['refused', 10]]);
  });

  it('tells that a server does not speak TLS', async () => {
    const url = await serve((_request, response) => response.end());
    url.protocol = 'https:';
    const { measure } = await run({ url: new URL(url.href.replace('http:', 'https:')) });
    expect([...measure.total.failures]).toEqual([['tls', 10]]);
  });

  it('goes on over new connections when the server closes the old ones', async () => {
    const url = await serve((_request, response) => response.setHeader('connection', 'close').end('bye'));
    const { measure } = await run({ url, concurrency: 2 });
    expect([...measure.total.statuses]).toEqual([[200, 10]]);
    expect([...measure.total.failures]).toEqual([]);
  });

  it('stops on a signal, with the answers that are on their way', async () => {
    const url = await serve((_request, response) => void setTimeout(() => response.end(), 100));
    const signal = AbortSignal.timeout(200);
    const { measure, ended, durationMs } = await run({ url, durationMs: Infinity, signal });
    expect(ended).toBe('stopped');
    expect(durationMs).toBeLessThan(600);
    expect(measure.total.requests).toBeGreaterThan(10);
    expect([...measure.total.failures]).toEqual([]);
  });
});
