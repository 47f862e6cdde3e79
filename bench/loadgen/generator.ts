/** The generator as people run it: its command in a process of its own, read from its standard output. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../loadgen/src/report.ts';

const CLI = fileURLToPath(new URL('../../loadgen/src/cli.ts', import.meta.url));

export interface Running {
  readonly pid: number;
  /** Its last line; nothing when it failed. */
  readonly report: Promise<Report>;
  stop(): void;
}

export function startGenerator(url: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, [CLI, '--url', url, '--endpoint', '/', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { pid: pidOf(child), report: readReport(child), stop: () => void child.kill() };
}

export function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the process did not start');
  return pid;
}

async function readReport(child: ChildProcess): Promise<Report> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    // Of progress only the last line is kept, so that ten minutes of it take no room.
    output = (output + chunk.toString()).replace(/^\{"type":"progress".*\n/gm, '');
  });
  await new Promise((resolve) => child.on('close', resolve));
  const line: unknown = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
  return line as Report;
}
