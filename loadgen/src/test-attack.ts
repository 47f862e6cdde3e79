/** For tests: servers on free ports, and short runs against them. */
import type { Server, RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { startAttack, type AttackOptions, type AttackOutcome } from './attack.ts';
import { createMeasure, type Measure } from './measure.ts';
import { createPlan } from './plan.ts';

export async function listen(server: Server | TcpServer): Promise<URL> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

export function serve(listener: RequestListener): Promise<URL> {
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

export async function run(options: RunOptions): Promise<Outcome> {
  const { ratePerSecond = 100, durationMs = 100, signal = new AbortController().signal, ...rest } = options;
  const measure = createMeasure(1);
  const attack = await startAttack(
    {
      plan: createPlan([{ durationMs, ratePerSecond, shape: 'constant' }]),
      requests: [() => ({ method: 'GET', path: '/', headers: {}, body: null })],
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
