import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Processes of this machine that do nothing until they are ended: what to watch where the subject is the mail. */
export interface Sleepers {
  /** Environment of a controller that watches them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Ends one as a crash does. */
  crash(name: string): Promise<void>;
  start(name: string): Promise<void>;
  dispose(): Promise<void>;
}

export async function createSleepers(names: readonly string[]): Promise<Sleepers> {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-sleepers-'));
  const running = new Map<string, ChildProcess>();
  const pidFile = (name: string): string => join(folder, `${name}.pid`);

  async function start(name: string): Promise<void> {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    await once(child, 'spawn');
    running.set(name, child);
    writeFileSync(pidFile(name), String(child.pid));
  }
  async function crash(name: string): Promise<void> {
    const child = running.get(name);
    if (child === undefined) throw new Error(`${name} does not run`);
    running.delete(name);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  for (const name of names) await start(name);
  return {
    settings: { RUNTIME: 'process', PROCESS_TARGETS: names.map((name) => `${name}=${pidFile(name)}`).join(',') },
    crash,
    start,
    async dispose() {
      await Promise.all([...running.keys()].map(crash));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
