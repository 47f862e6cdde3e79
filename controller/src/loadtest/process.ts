import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { errorCode, errorMessage } from '../errors.ts';
import {
  argumentsOf,
  generatorName,
  LaunchError,
  secretsOf,
  type Generator,
  type GeneratorState,
  type LaunchOrder,
  type LoadLauncher,
} from './launcher.ts';
import { readOutput } from './output.ts';

export interface ProcessLauncherDeps {
  /** Folder for the files of generators; they are found again by it. */
  readonly dir: string;
  /** The generator's program. */
  readonly cli: string;
  readonly clock: Clock;
  /** The controller's; the generator gets the path and the secrets that its order names. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** In blocks of 512 bytes: 128 MiB, three times what a day of progress needs. */
const MAX_FILE_BLOCKS = 262_144;
/** Read of the end of the output: some progress lines while it runs, a whole report after. */
const RUNNING_TAIL_BYTES = 16_384;
const ENDED_TAIL_BYTES = 8_000_000;
const COMPLAINT_BYTES = 8192;
const START_TIMEOUT_MS = 5000;
const START_LOOK_MS = 20;

/**
 * The shell outlives the generator and notes how it ended, though the controller may be gone by then. It is known by its
 * own name ($0) in the list of processes; a trap (not an ignored signal, which would be inherited) lets it see the end.
 */
const SCRIPT = `trap : TERM INT
echo $$ >pid
ulimit -f ${MAX_FILE_BLOCKS}
"$@" >stdout 2>stderr </dev/null
echo $? >exit.new
mv exit.new exit`;

/** Generators as processes of this machine. They live on when the controller ends. */
export function createProcessLauncher(deps: ProcessLauncherDeps): LoadLauncher {
  const { dir, cli, clock } = deps;
  const asked = new Set<string>();

  async function started(folder: string, signal: AbortSignal): Promise<void> {
    for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += START_LOOK_MS) {
      if (existsSync(join(folder, 'pid'))) return;
      await clock.sleep(START_LOOK_MS, signal);
    }
    throw new LaunchError('the generator did not start in time', false);
  }

  return {
    kind: 'process',
    list: async (owner) => {
      const all = namesIn(dir).flatMap((name) => readGenerator(dir, name) ?? []);
      return { generators: all.filter((one) => owner === undefined || one.owner === owner), away: [] };
    },
    async launch(order, signal) {
      if (!existsSync(cli)) throw new LaunchError(`there is no load generator at ${cli}`, true);
      const secrets = secretsOf(order, deps.env);
      const folder = join(dir, generatorName(order));
      if (readGenerator(dir, generatorName(order))?.state.kind === 'running') return;
      prepare(folder, order);
      const args = ['-c', SCRIPT, generatorName(order), process.execPath, cli, ...argumentsOf(order, order.url)];
      const child = spawn('/bin/sh', args, {
        cwd: folder,
        detached: true,
        stdio: 'ignore',
        env: { PATH: deps.env['PATH'], NODE_ENV: 'production', ...secrets },
      });
      const failed = new Promise<never>((_, reject) => {
        child.on('error', (error) => reject(new LaunchError(errorMessage(error), true, { cause: error })));
      });
      child.unref();
      await Promise.race([started(folder, signal), failed]);
    },
    async read({ id, state }) {
      const folder = join(dir, id);
      const bytes = state.kind === 'ended' ? ENDED_TAIL_BYTES : RUNNING_TAIL_BYTES;
      return readOutput(
        await readTail(join(folder, 'stdout'), bytes),
        await readTail(join(folder, 'stderr'), COMPLAINT_BYTES),
      );
    },
    async stop({ id }, force) {
      if (asked.has(id) && !force) return;
      asked.add(id);
      signalGroup(dir, id, force ? 'SIGKILL' : 'SIGTERM');
    },
    async remove({ id }) {
      signalGroup(dir, id, 'SIGKILL');
      asked.delete(id);
      rmSync(join(dir, id), { recursive: true, force: true });
    },
    close: async () => undefined,
  };
}

function prepare(folder: string, { owner, run, index }: LaunchOrder): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'order.json'), JSON.stringify({ owner, run, index }));
}

function namesIn(dir: string): readonly string[] {
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.startsWith('foghorn-load-')) : [];
}

/** Undefined for a folder that is being made or removed, or is none of ours. */
function readGenerator(dir: string, id: string): Generator | undefined {
  const order = readText(join(dir, id, 'order.json'));
  if (order === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(order);
    return isIdentity(value) ? { id, ...value, state: stateOf(dir, id) } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isIdentity(value: unknown): value is Pick<Generator, 'owner' | 'run' | 'index'> {
  if (typeof value !== 'object' || value === null) return false;
  const { owner, run, index } = value as Readonly<Record<string, unknown>>;
  return typeof owner === 'string' && typeof run === 'number' && typeof index === 'number';
}

function stateOf(dir: string, id: string): GeneratorState {
  const exit = readText(join(dir, id, 'exit'));
  if (exit !== undefined) return { kind: 'ended', code: Number(exit), reason: `exit code ${exit.trim()}` };
  const pid = pidOf(dir, id);
  if (pid === undefined) return { kind: 'starting' };
  return isAlive(pid, id) ? { kind: 'running' } : { kind: 'ended', reason: 'killed' };
}

function pidOf(dir: string, id: string): number | undefined {
  const pid = Number(readText(join(dir, id, 'pid'))?.trim());
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** Another process may have the number by now: ours has its name among its arguments. A dead one has none. */
function isAlive(pid: number, id: string): boolean {
  if (existsSync('/proc/self/cmdline')) return (readText(`/proc/${pid}/cmdline`) ?? '').includes(id);
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The shell leads a process group of its own, so that what it started ends with it. */
function signalGroup(dir: string, id: string, signal: 'SIGTERM' | 'SIGKILL'): void {
  const pid = pidOf(dir, id);
  if (pid === undefined || stateOf(dir, id).kind !== 'running') return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It ended in between.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errorCode(error))) return undefined;
    throw error;
  }
}

async function readTail(path: string, bytes: number): Promise<string> {
  if (!existsSync(path)) return '';
  const { size } = statSync(path);
  const start = Math.max(0, size - bytes);
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
