/**
 * How exactly the generator keeps a rate, and how many requests a second it reaches at most, next to a closed loop on the
 * same machine: autocannon where `npx autocannon` is installed, else node:http with keep-alive. `node bench/loadgen/main.ts`
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { Agent, get } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { startAttack } from '../../loadgen/src/attack.ts';
import { createMeasure, type Measure } from '../../loadgen/src/measure.ts';
import { createPlan } from '../../loadgen/src/plan.ts';
import { percentiles } from '../../loadgen/src/report.ts';

const DURATION_MS = 5_000;
const WARM_UP_MS = 1_500;
const CONNECTIONS = 50;
const RATES = [100, 1_000, 10_000];
/** Above what any client reaches here: the generator then sends as fast as its connections allow. */
const UNREACHABLE_RATE = 100_000;
const REQUEST = { method: 'GET', path: '/', headers: {} };

interface Attacked {
  readonly measure: Measure;
  readonly ratePerSecond: number;
  readonly cpuPercent: number;
}

async function attack(url: URL, ratePerSecond: number, durationMs: number): Promise<Attacked> {
  const measure = createMeasure(1);
  const cpuBefore = process.cpuUsage();
  const options = {
    plan: createPlan([{ durationMs, ratePerSecond, shape: 'constant' }]),
    url,
    requests: [() => REQUEST],
    pick: () => 0,
    timeoutMs: 1_000,
    concurrency: CONNECTIONS,
  } as const;
  const running = await startAttack(options, (result) => measure.record(result), new AbortController().signal);
  const { durationMs: elapsedMs } = await running.done;
  const cpu = process.cpuUsage(cpuBefore);
  const sent = measure.total.requests - measure.total.unsent;
  return {
    measure,
    ratePerSecond: (sent / elapsedMs) * 1_000,
    cpuPercent: (cpu.user + cpu.system) / 10 / elapsedMs,
  };
}

async function closedLoop(url: URL): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const endAt = performance.now() + DURATION_MS;
  let count = 0;
  const once = (): Promise<void> =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject);
    });
  const visitor = async (): Promise<void> => {
    while (performance.now() < endAt) {
      await once();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, visitor));
  agent.destroy();
  return (count / DURATION_MS) * 1_000;
}

async function peer(url: URL): Promise<{ name: string; ratePerSecond: number }> {
  let script: string;
  try {
    script = createRequire(import.meta.url).resolve('autocannon');
  } catch {
    return { name: 'closed loop, node:http', ratePerSecond: await closedLoop(url) };
  }
  const args = [script, '-c', String(CONNECTIONS), '-d', String(DURATION_MS / 1_000), '-j', '-n', url.href];
  const result: unknown = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  const { requests } = result as { requests: { average: number } };
  return { name: 'closed loop, autocannon', ratePerSecond: requests.average };
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1_000).toFixed(2)} ms`.padStart(10);
}

function print(name: string, { measure, ratePerSecond, cpuPercent }: Attacked): void {
  const latency = percentiles(measure.total.latency);
  const lag = percentiles(measure.lag);
  const times = `latency p50 ${milliseconds(latency.p50)} p99 ${milliseconds(latency.p99)}, lag p99 ${milliseconds(lag.p99)}`;
  console.log(`${name.padEnd(24)} ${ratePerSecond.toFixed(0).padStart(6)}/s  ${times}, CPU ${cpuPercent.toFixed(0)} %`);
}

function startServer(): Promise<{ child: ChildProcess; url: URL }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('server.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve) => {
    child.stdout.once('data', (port: Buffer) => resolve({ child, url: new URL(`http://127.0.0.1:${Number(port)}`) }));
  });
}

const { child, url } = await startServer();
try {
  await attack(url, RATES.at(-1) ?? 1, WARM_UP_MS);
  for (const rate of RATES) print(`planned ${rate}/s`, await attack(url, rate, DURATION_MS));
  const highest = await attack(url, UNREACHABLE_RATE, DURATION_MS);
  print('as fast as possible', highest);
  const { name, ratePerSecond } = await peer(url);
  console.log(`${name.padEnd(24)} ${ratePerSecond.toFixed(0).padStart(6)}/s`);
  console.log(`ratio: ${(highest.ratePerSecond / ratePerSecond).toFixed(2)}`);
} finally {
  child.kill();
}
