import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { percentiles } from './report.ts';
import { listen, run, serve } from './test-attack.ts';

describe('startAttack', () => {
  it('sends exactly the requests of the plan, over its time, on connections that it opened before', async () => {
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
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(300);
  });

  it('shows a stall of a second to every request that was due meanwhile', async () => {
    let stallUntil = Infinity;
    const url = await serve((_request, response) => {
      if (stallUntil === Infinity) stallUntil = performance.now() + 1_000;
      setTimeout(() => response.end(), Math.max(stallUntil - performance.now(), 0));
    });
    const { measure } = await run({ url, ratePerSecond: 200, durationMs: 2_000, concurrency: 10 });
    const latency = percentiles(measure.total.latency);
    expect(measure.total.requests).toBe(400);
    // Half of the requests were due in the stalled second, evenly: the p75 waited half of it, the p99 all but 2 %.
    expect(latency.p75).toBeGreaterThan(0.45);
    expect(latency.p99).toBeGreaterThan(0.96);
    // A closed model would only see the ten that were on their way.
    expect(percentiles(measure.total.serviceTime).p95).toBeLessThan(0.5);
    expect(measure.total.late).toBeGreaterThan(150);
    // What was due after the stall was sent in time again.
    expect(percentiles(measure.lag).p50).toBeLessThan(0.1);
  });

  it('warms up before the plan, uncounted, with all answers awaited, and numbers requests on', async () => {
    const paths: string[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url ?? '');
      response.statusCode = paths.length <= 3 ? 503 : 200;
      setTimeout(() => response.end('hello'), 20);
    });
    const { measure, warmUp } = await run({
      url,
      warmUpMs: 200,
      numbering: { first: 5, step: 10 },
      requests: [(sequence) => ({ method: 'GET', path: `/${sequence}`, headers: {}, body: null })],
    });
    expect(warmUp).toEqual({ requests: 20, errors: 3 });
    expect([measure.total.requests, [...measure.total.statuses]]).toEqual([10, [[200, 10]]]);
    expect(paths.toSorted()).toEqual(Array.from({ length: 30 }, (_, index) => `/${5 + 10 * index}`).toSorted());
  });

  it('does nothing of the plan when it is stopped while it warms up', async () => {
    const stop = new AbortController();
    const url = await serve((_request, response) => response.end(() => stop.abort()));
    const { measure, warmUp, ended } = await run({ url, warmUpMs: 60_000, signal: stop.signal });
    expect([measure.total.requests, ended]).toEqual([0, 'stopped']);
    expect(warmUp.requests).toBeGreaterThan(0);
  });

  it('opens a connection for each request when it is told to, also at a server that would keep them', async () => {
    let connections = 0;
    const [asked, closed] = [new Set<string | undefined>(), new Set<unknown>()];
    const server = createServer((request, response) => {
      asked.add(request.headers.connection);
      response.setHeader('connection', 'keep-alive').end('hello');
    });
    server.on('connection', (socket) => {
      connections += 1;
      socket.on('close', () => closed.add(socket));
    });
    const { measure } = await run({ url: await listen(server), isKeptAlive: false });
    expect([...measure.total.statuses, ...measure.total.failures]).toEqual([[200, 10]]);
    expect([connections, [...asked]]).toEqual([10, ['close']]);
    await expect.poll(() => closed.size).toBe(10);
  });

  it('goes on over new connections when the server closes the old ones', async () => {
    const url = await serve((_request, response) => response.setHeader('connection', 'close').end('bye'));
    const { measure } = await run({ url, concurrency: 2 });
    expect([...measure.total.statuses]).toEqual([[200, 10]]);
    expect([...measure.total.failures]).toEqual([]);
  });

  it('stops on a signal, with the answers that are on their way', async () => {
    const stop = new AbortController();
    let requests = 0;
    const url = await serve((_request, response) => {
      requests += 1;
      if (requests === 10) stop.abort();
      setTimeout(() => response.end(), 100);
    });
    const { measure, ended } = await run({ url, durationMs: Infinity, signal: stop.signal });
    expect(ended).toBe('stopped');
    expect(requests).toBeGreaterThanOrEqual(10);
    expect(measure.total.requests).toBe(requests);
    expect([...measure.total.failures]).toEqual([]);
  });
});
