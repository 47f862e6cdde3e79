import { execFile, spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { logDirectory, repositoryRoot, runDirectory } from './places.ts';

/** A process of the system that runs without its starter; its pid file is what the controller watches it by. */
export interface LocalProcess {
  readonly name: string;
  readonly command: string;
  readonly parameters: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** As long as `docker stop` waits. */
const STOP_TIMEOUT_MS = 10_000;
const POLL_EVERY_MS = 50;

export function pidFileOf(name: string): string {
  return resolve(runDirectory, `${name}.pid`);
}

export function logFileOf(name: string): string {
  return resolve(logDirectory, `${name}.log`);
}

/** The pid of a process that its pid file names and that still is that process. */
export async function findRunning(name: string, mark: string): Promise<number | undefined> {
  const pid = Number(await readIfThere(pidFileOf(name)));
  return (await isProcess(pid, mark)) ? pid : undefined;
}

export async function isProcess(pid: number, mark: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  const line = await commandLine(pid);
  if (line !== '') return line.includes(mark);
  // It is empty, too, in the instant in which a starting program replaces the one that started it.
  await sleep(POLL_EVERY_MS);
  return (await commandLine(pid)).includes(mark);
}

/** Empty for a process that is not there, or has ended and waits for its parent. */
async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return (await readIfThere(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ');
  const listed = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'command=']).catch(() => ({ stdout: '' }));
  return listed.stdout;
}

/** ESRCH: a process that ends while its file is read. */
export async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return '';
    throw error;
  });
}

/** Starts it detached, its output appended to logs/NAME.log, and writes its pid file. */
export async function startDetached(started: LocalProcess): Promise<void> {
  await mkdir(runDirectory, { recursive: true });
  await mkdir(logDirectory, { recursive: true });
  const log = await open(logFileOf(started.name), 'a');
  try {
    const child = spawn(started.command, [...started.parameters], {
      cwd: repositoryRoot,
      env: started.env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await new Promise<void>((resolvePromise, reject) => {
      child.once('spawn', resolvePromise);
      child.once('error', reject);
    });
    child.unref();
    await writeFile(pidFileOf(started.name), `${child.pid}\n`);
  } finally {
    await log.close();
  }
}

/** Asks a process to end, then makes it. Returns whether it was running. */
export async function stopProcess(name: string, mark: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<boolean> {
  const pid = await findRunning(name, mark);
  if (pid !== undefined && !(await endsAfter(pid, mark, signal))) await endsAfter(pid, mark, 'SIGKILL');
  await rm(pidFileOf(name), { force: true });
  return pid !== undefined;
}

async function endsAfter(pid: number, mark: string, signal: NodeJS.Signals): Promise<boolean> {
  sendSignal(pid, signal);
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (!(await isProcess(pid, mark))) return true;
    await sleep(POLL_EVERY_MS);
  }
  return false;
}

/** A process that ended in between is what was wanted. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
