/**
 * What the controller itself takes: `node bench/footprint/main.ts`. Starts an engine of its own with idle containers (as
 * root) and the controller on it with a 10 s interval, and next to it `docker stats`, streaming. Prints processor share and
 * memory of both processes over the time, and the ratio.
 * Usage: node bench/footprint/main.ts [--containers 30] [--minutes 10] [--source auto|engine-api]
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createDockerCli } from '../../e2e/engine/docker-cli.ts';
import { createPrivateEngine, loadImage } from '../../e2e/engine/private-engine.ts';

const { values: flags } = parseArgs({
  options: {
    containers: { type: 'string', default: '30' },
    minutes: { type: 'string', default: '10' },
    source: { type: 'string', default: 'auto' },
  },
});
const containers = Number(flags.containers);
const minutes = Number(flags.minutes);
/** Compiling the rules and the first rounds are no steady state. */
const WARM_UP_MS = 20_000;
const BUDGET = { cpuPercent: 2, memoryMiB: 120 };

interface Usage {
  readonly cpuMs: number;
  readonly memoryMiB: number;
}

/**
 * Processor time of all threads in ticks of 10 ms (fine enough over minutes), and memory as its proportional share: what
 * is its own, and its part of the pages (the program file, mostly) that others use as well.
 */
async function usage({ pid }: ChildProcess): Promise<Usage> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const sizes = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const proportionalKiB = Number(/^Pss:\s+(\d+)/m.exec(sizes)?.[1] ?? 0);
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, memoryMiB: proportionalKiB / 1024 };
}

const folder = mkdtempSync(join(tmpdir(), 'foghorn-footprint-'));
const engine = createPrivateEngine();
const cli = createDockerCli('fh-engine-footprint', engine.socketPath);
const children: ChildProcess[] = [];

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(command, [...args], { stdio: 'ignore', env: { ...process.env, ...env } });
  children.push(child);
  return child;
}

function fillCompileCache(nodeFlags: readonly string[], program: string, env: NodeJS.ProcessEnv): void {
  const filler = join(import.meta.dirname, '../../docker/controller/fill-compile-cache.ts');
  for (const parameters of [[filler], [program, '--version']]) {
    execFileSync(process.execPath, [...nodeFlags, ...parameters], { env: { ...process.env, ...env }, stdio: 'ignore' });
  }
}

function print(name: string, before: Usage, after: Usage): number {
  const cpuPercent = (after.cpuMs - before.cpuMs) / (minutes * 600);
  console.log(
    `| ${name.padEnd(24)} | ${cpuPercent.toFixed(2)} % | ${after.memoryMiB.toFixed(0)} MiB | ${before.memoryMiB.toFixed(0)} MiB |`,
  );
  return cpuPercent;
}

try {
  await engine.start();
  await loadImage(engine.socketPath);
  for (let n = 0; n < containers; n += 1)
    await cli.run(`fh-engine-foot-${n}`, 'exec sleep 100000', '--network', 'none');
  // As the image sets it up.
  const nodeFlags = ['--max-semi-space-size=1', '--optimize-for-size'];
  const cache = { NODE_COMPILE_CACHE: join(folder, 'compile-cache'), MALLOC_ARENA_MAX: '2' };
  const program = join(import.meta.dirname, '../../controller/src/main.ts');
  fillCompileCache(nodeFlags, program, cache);
  const controller = start(process.execPath, [...nodeFlags, program], {
    ...cache,
    DOCKER_HOSTS: `local=unix://${engine.socketPath}`,
    STATS_SOURCE: flags.source,
    CHECK_INTERVAL: '10',
    CONTAINER_NAME: '',
    PORT: '18555',
    API_PORT: 'off',
    DATA_DIR: join(folder, 'data'),
    LOG_DIR: join(folder, 'logs'),
    POLICY_DIR: join(folder, 'policies'),
  });
  const stats = start('docker', ['-H', `unix://${engine.socketPath}`, 'stats', '--format', '{{.Name}} {{.CPUPerc}}']);
  await sleep(WARM_UP_MS);
  const before = [await usage(controller), await usage(stats)] as const;
  await sleep(minutes * 60_000);
  const after = [await usage(controller), await usage(stats)] as const;
  const state: unknown = await (await fetch('http://127.0.0.1:18555/api/metrics')).json();
  const seen =
    typeof state === 'object' && state !== null && 'containers' in state && Array.isArray(state.containers)
      ? state.containers.length
      : 0;
  if (seen !== containers) throw new Error(`the controller saw ${seen} of ${containers} containers`);
  console.log(
    `\n${containers} containers, 10 s interval, ${minutes} minutes after the warm-up; budget ${BUDGET.cpuPercent} % and ${BUDGET.memoryMiB} MiB\n`,
  );
  console.log('| process                  | CPU of a core | memory | at the start |');
  console.log('|--------------------------|--------------:|-------:|-------------:|');
  const ours = print(`Foghorn (${flags.source})`, before[0], after[0]);
  const theirs = print('docker stats (streaming)', before[1], after[1]);
  console.log(`\nratio to docker stats: CPU ${(ours / theirs).toFixed(2)}`);
} finally {
  for (const child of children) child.kill('SIGTERM');
  await cli.removeAll().catch(() => undefined);
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
}
