/** What Linux says about a process. */
import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of all threads, in microseconds, by the scheduler's nanoseconds. */
export function readCpuMicroseconds(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const threads = readdirSync(folder).map((thread) => readFileSync(`${folder}/${thread}/schedstat`, 'utf8'));
  return threads.reduce((sum, stat) => sum + Number(stat.split(' ')[0]), 0) / 1_000;
}

/** Memory that is really there, in megabytes. */
export function readResidentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}
