import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRunning, isProcess, logFileOf, pidFileOf, startDetached, stopProcess } from './processes.ts';

const name = `test-${process.pid}`;
let directory: string;
let mark: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'processes-'));
  mark = join(directory, 'mark');
});

afterEach(async () => {
  await stopProcess(name, mark, 'SIGKILL');
  await rm(logFileOf(name), { force: true });
  await rm(directory, { recursive: true });
});

async function start(program: string): Promise<number> {
  await startDetached({ name, command: process.execPath, parameters: ['-e', program, mark], env: process.env });
  return Number(await readFile(pidFileOf(name), 'utf8'));
}

const forAMinute = 'setTimeout(() => {}, 60_000)';

describe('a detached process', () => {
  it('is found by its pid file, ends when asked, and leaves no pid file', async () => {
    const pid = await start(forAMinute);
    expect(await findRunning(name, mark)).toBe(pid);
    expect(await stopProcess(name, mark)).toBe(true);
    expect(await findRunning(name, mark)).toBeUndefined();
    await expect(readFile(pidFileOf(name))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is not taken for another one that got its number', async () => {
    const pid = await start(forAMinute);
    expect(await isProcess(pid, 'of another program')).toBe(false);
    expect(await stopProcess(name, 'of another program')).toBe(false);
    expect(await isProcess(pid, mark)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  it('that does not run is nothing to stop', async () => {
    expect(await stopProcess(name, mark)).toBe(false);
  });

  it.each([0, 1, -1, Number.NaN, 1.5])('never has the number %d', async (pid) => {
    expect(await isProcess(pid, '')).toBe(false);
  });
});
