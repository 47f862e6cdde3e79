/**
 * What watching containers costs the Docker engine, next to `docker stats --no-stream`: `node bench/collect/main.ts`.
 * Starts an engine of its own with 30 idle containers (as root), polls them in each way, and prints the processor time
 * of dockerd, containerd and the shims for one container and poll, that of the poller, and the ratio to `docker stats`.
 * Usage: node bench/collect/main.ts [--containers 30] [--rounds 15] [--interval 2000]
 */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { createDockerCli } from '../../e2e/engine/docker-cli.ts';
import { createPrivateEngine, loadImage } from '../../e2e/engine/private-engine.ts';
import { watch, type StatsSource } from '../../e2e/engine/watching.ts';
import { readCpuMs } from './cpu.ts';

const { values: flags } = parseArgs({
  options: {
    containers: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '15' },
    interval: { type: 'string', default: '2000' },
  },
});
const containers = Number(flags.containers);
const rounds = Number(flags.rounds);
const intervalMs = Number(flags.interval);
/** After 30 starts the shims tidy up for a while. */
const QUIET_MS = 15_000;

interface Cost {
  readonly engineMs: number;
  readonly pollerMs: number;
  readonly roundMs: number;
}

interface Row extends Cost {
  readonly what: string;
}

const run = promisify(execFile);
const engine = createPrivateEngine();
const cli = createDockerCli('fh-engine-bench', engine.socketPath);

/** Polls `rounds` times at a fixed pace; costs are for one round. */
async function measure(poll: () => Promise<number>): Promise<Cost> {
  const engineBefore = await readCpuMs(engine.folder);
  let pollerMs = 0;
  let roundMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    pollerMs += await poll();
    const tookMs = performance.now() - startedAt;
    roundMs += tookMs;
    await sleep(Math.max(0, intervalMs - tookMs));
  }
  const engineMs = (await readCpuMs(engine.folder)) - engineBefore;
  return { engineMs: engineMs / rounds, pollerMs: pollerMs / rounds, roundMs: roundMs / rounds };
}

/** Our runtime: its events, listings and heartbeats are in the measure. */
async function measureRuntime(source: StatsSource): Promise<Cost> {
  const { runtime, untilStatus } = watch(`unix://${engine.socketPath}`, source);
  runtime.start();
  await untilStatus(({ reachable }) => reachable);
  const ids = runtime.targets().map((target) => target.id);
  await runtime.observe(ids, Date.now());
  await sleep(intervalMs);
  const cost = await measure(async () => {
    const before = process.cpuUsage();
    const seen = await runtime.observe(ids, Date.now());
    const { user, system } = process.cpuUsage(before);
    const read = seen.filter((one) => one.kind === 'observed' && one.resources.cpuPercent !== undefined).length;
    if (read !== containers) throw new Error(`${read} of ${containers} containers were read`);
    return (user + system) / 1000;
  });
  const status = runtime.status();
  console.log(`${source}: read by ${status.reachable ? status.source : status.reason}`);
  await runtime.stop();
  return cost;
}

/** The command line client is a process of its own: the shell tells its processor time. */
async function dockerStats(): Promise<number> {
  const command = `docker -H unix://${engine.socketPath} stats --no-stream >/dev/null; times`;
  const { stdout } = await run('sh', ['-c', command]);
  const times = [...(stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce((sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1000, 0);
}

function print(idle: Cost, rows: readonly Row[]): void {
  const net = (cost: Cost): number => Math.max(0, cost.engineMs - idle.engineMs) / containers;
  const base = rows.find((row) => row.what === BASE);
  console.log(
    `\n${containers} containers, ${rounds} rounds, one every ${intervalMs} ms; an idle interval costs the engine`,
  );
  console.log(`${idle.engineMs.toFixed(2)} ms, taken off below. Processor time in ms for one container and poll.\n`);
  console.log(
    '| how                                | engine | poller | both | round takes | engine, of docker stats |',
  );
  console.log(
    '|------------------------------------|-------:|-------:|-----:|------------:|------------------------:|',
  );
  for (const row of rows) {
    const poller = row.pollerMs / containers;
    const ratio = base === undefined ? Number.NaN : net(row) / net(base);
    const cells = [
      net(row).toFixed(2),
      poller.toFixed(2),
      (net(row) + poller).toFixed(2),
      `${row.roundMs.toFixed(0)} ms`,
    ];
    console.log(`| ${row.what.padEnd(34)} | ${cells.join(' | ')} | ${ratio.toFixed(3)} |`);
  }
}

const BASE = 'docker stats --no-stream';

try {
  await engine.start();
  await loadImage(engine.socketPath);
  for (let n = 0; n < containers; n += 1) {
    await cli.run(`fh-engine-bench-${n}`, 'exec sleep 100000', '--network', 'none');
  }
  await sleep(QUIET_MS);
  const idle = await measure(async () => 0);
  print(idle, [
    { what: BASE, ...(await measure(dockerStats)) },
    { what: 'Foghorn, Engine API one-shot', ...(await measureRuntime('engine-api')) },
    { what: 'Foghorn, cgroup files', ...(await measureRuntime('auto')) },
  ]);
} finally {
  await cli.removeAll().catch(() => undefined);
  await engine.dispose();
}
