import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Processor time, in milliseconds, of all processes that have this text in their arguments: an engine's daemons and
 * shims are told its folders. By the scheduler's nanoseconds of each thread; ticks of 10 ms would be too coarse.
 */
export async function readCpuMs(argument: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const times = await Promise.all(pids.map((pid) => readProcess(join('/proc', pid), argument)));
  return times.reduce((sum, ns) => sum + ns, 0) / 1e6;
}

async function readProcess(folder: string, argument: string): Promise<number> {
  const line = await readOptional(join(folder, 'cmdline'));
  if (!/^\S*(dockerd|containerd)/.test(line) || !line.includes(argument)) return 0;
  const threads = await readdir(join(folder, 'task')).catch(() => []);
  const stats = await Promise.all(threads.map((thread) => readOptional(join(folder, 'task', thread, 'schedstat'))));
  return stats.reduce((sum, stat) => sum + Number(stat.split(' ')[0]), 0);
}

/** A process may end while it is read. */
function readOptional(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
