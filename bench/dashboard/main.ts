/**
 * The page and its server with many containers, of which a tenth changes every second: time to the first containers on
 * screen, scripting a frame, memory of the page, and what each listening page costs the server. The tick of the controller
 * is measured with nobody listening and with many, side by side.
 * Usage: node bench/dashboard/main.ts [--containers 1000,5000] [--streams 500] [--seconds 20] [--minutes 10]
 * `--minutes` follows the memory of the page for so long; without it that is left out. Exit code 1 when a target is missed.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openPage } from './page.ts';
import { startServer, type ServerCost, type ServerProcess } from './server-process.ts';
import { openStreams } from './streams.ts';

const { values: flags } = parseArgs({
  options: {
    containers: { type: 'string', default: '1000,5000' },
    streams: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '20' },
    minutes: { type: 'string', default: '0' },
  },
});
const seconds = Number(flags.seconds);
const SHARE = 0.1;
/** Rows on the screen of each listener. */
const SCREEN_ROWS = 30;
const MEBIBYTE = 1024 * 1024;
const SETTLE_MS = 3000;
const PAINT_TARGET_MS = (containers: number): number => (containers <= 1000 ? 1000 : 1500);
const FRAME_TARGET_MS = 16;
/** A twentieth of the second that a tick has. */
const LATE_TARGET_MS = 50;
const MEMORY_GROWTH_TARGET = 1.1;
/** Loads of the page; the median counts, since a shared machine has bad moments. */
const LOADS = 5;

const misses: string[] = [];

function report(what: string, value: string, passed?: boolean, target = ''): void {
  const verdict = passed === undefined ? '    ' : passed ? 'PASS' : 'FAIL';
  console.log(`${verdict}  ${what.padEnd(44)} ${value.padStart(14)}  ${target}`);
  if (passed === false) misses.push(what);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const ms = (value: number): string => `${value.toFixed(1)} ms`;
const size = (bytes: number): string =>
  bytes > MEBIBYTE ? `${(bytes / MEBIBYTE).toFixed(1)} MiB` : `${(bytes / 1024).toFixed(1)} KiB`;

/** The page as it is now, in a folder of its own, so that nobody else's build is in the way. */
function buildPage(): string {
  const outDir = mkdtempSync(join(tmpdir(), 'foghorn-bench-page-'));
  const cwd = join(import.meta.dirname, '../../controller');
  const vite = join(cwd, '../node_modules/vite/bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', '--outDir', outDir], { cwd, stdio: 'inherit' });
  return outDir;
}

async function measurePage(server: ServerProcess, containers: number): Promise<void> {
  const painted: number[] = [];
  for (let load = 1; load < LOADS; load += 1) {
    const loaded = await openPage(server.url);
    painted.push(loaded.paintedMs);
    await loaded.close();
  }
  const page = await openPage(server.url);
  painted.push(page.paintedMs);
  const median = percentile(painted, 0.5);
  const target = PAINT_TARGET_MS(containers);
  report('first containers on screen (median)', ms(median), median < target, `< ${target} ms`);
  await sleep(SETTLE_MS);
  const frames = await page.scripting(seconds);
  const p95 = percentile(frames, 0.95);
  report(`scripting a frame, p95 of ${frames.length}`, ms(p95), p95 < FRAME_TARGET_MS, `< ${FRAME_TARGET_MS} ms`);
  report('scripting a frame, longest', ms(Math.max(0, ...frames)));
  await followMemory(page.memory);
  await page.close();
}

/** Flat: the last third is no larger than the first. */
async function followMemory(memory: () => Promise<number>): Promise<void> {
  const minutes = Number(flags.minutes);
  const first = await memory();
  report('memory of the page', size(first));
  if (minutes === 0) return;
  const samples = [first];
  for (let half = 0; half < minutes * 2; half += 1) {
    await sleep(30_000);
    samples.push(await memory());
  }
  const third = Math.ceil(samples.length / 3);
  const growth = percentile(samples.slice(-third), 0.5) / percentile(samples.slice(0, third), 0.5);
  const passed = growth < MEMORY_GROWTH_TARGET;
  report(`growth over ${minutes} minutes`, `x ${growth.toFixed(3)}`, passed, `< x ${MEMORY_GROWTH_TARGET}`);
}

async function costOver(server: ServerProcess): Promise<ServerCost> {
  server.begin();
  await sleep(seconds * 1000);
  return server.end();
}

async function measureStreams(server: ServerProcess): Promise<void> {
  const count = Number(flags.streams);
  const nobody = await costOver(server);
  const ids = await someIds(server.url);
  const streams = await openStreams(server.url, count, ids);
  await sleep(SETTLE_MS);
  streams.takeBytes();
  const cost = await costOver(server);
  const bytes = streams.takeBytes();
  const lost = streams.lost();
  streams.close();
  const late = percentile(cost.lateMs, 0.95);
  const lateBefore = percentile(nobody.lateMs, 0.95);
  const perTick = cost.ticks * count;
  report(`tick late with 0 streams (p95)`, ms(lateBefore));
  report(`tick late with ${count} streams (p95)`, ms(late), late < LATE_TARGET_MS, `< ${LATE_TARGET_MS} ms`);
  report('  longest, 0 and with streams', `${ms(Math.max(...nobody.lateMs))}, ${ms(Math.max(...cost.lateMs))}`);
  report('  ratio', `x ${(late / Math.max(lateBefore, 0.1)).toFixed(1)}`);
  report('loop delay p99, 0 streams', ms(nobody.loopDelayP99Ms));
  report(`loop delay p99, ${count} streams`, ms(cost.loopDelayP99Ms));
  report('CPU a tick, 0 streams', ms(nobody.cpuMs / nobody.ticks));
  report('CPU a stream and tick', `${((1000 * (cost.cpuMs - nobody.cpuMs)) / perTick).toFixed(0)} us`);
  report('bytes a stream and tick', size(bytes / perTick));
  report('memory of the server', size(cost.memoryBytes));
  report('streams lost', String(lost), lost === 0, '0');
}

async function someIds(url: string): Promise<readonly string[]> {
  const { containers } = (await (await fetch(`${url}/api/state`)).json()) as {
    readonly containers: readonly { readonly id: string }[];
  };
  return containers.slice(0, SCREEN_ROWS).map(({ id }) => id);
}

console.log(`${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} before it begins`);
const webDir = buildPage();
try {
  for (const containers of flags.containers.split(',').map(Number)) {
    console.log(`\n${containers} containers, ${SHARE * 100} % of them change every second`);
    const server = await startServer({ containers, share: SHARE, webDir });
    try {
      await measurePage(server, containers);
      await measureStreams(server);
    } finally {
      await server.stop();
    }
  }
} finally {
  rmSync(webDir, { recursive: true });
}
if (misses.length > 0) {
  console.log(`\nmissed: ${misses.join(', ')}`);
  process.exitCode = 1;
}
