/** Decoders of the kernel's text files, proc(5). Each gives undefined when the text is not what it should be. */

/** Ticks a second in /proc: USER_HZ, 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
export const MS_PER_TICK: number = 1000 / TICKS_PER_SECOND;

/** /proc/PID/stat */
export interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  /** One letter: R, S, D running; T stopped by a signal; Z ended, not yet reaped; X dead. */
  readonly state: string;
  /** User and system time, its own and that of the children it has reaped. */
  readonly cpuTicks: number;
  readonly threads: number;
  /** Since boot; with the pid it identifies the run, since pids are used again. */
  readonly startTicks: number;
}

export function parseProcessStat(text: string): ProcessStat | undefined {
  // The name in parentheses may hold anything, parentheses and spaces too.
  const nameEnd = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(nameEnd + 2).split(' ');
  const [state, ...rest] = fields;
  const numbers = rest.map(Number);
  const [parentPid, threads, startTicks] = [numbers[0], numbers[16], numbers[18]];
  const cpuTicks = numbers.slice(10, 14).reduce((sum, ticks) => sum + ticks, 0);
  if (nameEnd < 0 || state === undefined || parentPid === undefined) return undefined;
  if (threads === undefined || startTicks === undefined) return undefined;
  if (![pid, parentPid, cpuTicks, threads, startTicks].every(Number.isSafeInteger)) return undefined;
  return { pid, parentPid, state, cpuTicks, threads, startTicks };
}

/** Resident memory of /proc/PID/status, in bytes. */
export interface ProcessMemory {
  readonly ownBytes: number;
  /** Files and shared memory: other processes of the tree mostly map the same pages. */
  readonly sharedBytes: number;
}

/** Undefined for kernel threads and processes that have ended. Kernels before 4.5 do not tell own from shared. */
export function parseProcessMemory(text: string): ProcessMemory | undefined {
  const total = kilobytes(text, 'VmRSS');
  if (total === undefined) return undefined;
  const own = kilobytes(text, 'RssAnon');
  if (own === undefined) return { ownBytes: total, sharedBytes: 0 };
  return { ownBytes: own, sharedBytes: (kilobytes(text, 'RssFile') ?? 0) + (kilobytes(text, 'RssShmem') ?? 0) };
}

/** /proc/PID/io: bytes that went to and came from the disk, its own and of the children it has reaped. */
export interface ProcessIo {
  readonly readBytes: number;
  readonly writtenBytes: number;
}

export function parseProcessIo(text: string): ProcessIo | undefined {
  const readBytes = field(text, /^read_bytes: (\d+)$/m);
  const writtenBytes = field(text, /^write_bytes: (\d+)$/m);
  return readBytes === undefined || writtenBytes === undefined ? undefined : { readBytes, writtenBytes };
}

/** /proc/stat */
export interface HostStat {
  readonly cpus: number;
  /** Epoch milliseconds; moves when the system clock is set. */
  readonly bootedAt: number;
}

export function parseHostStat(text: string): HostStat | undefined {
  const cpus = text.match(/^cpu\d+ /gm)?.length ?? 0;
  const bootSeconds = field(text, /^btime (\d+)$/m);
  return bootSeconds === undefined || cpus === 0 ? undefined : { cpus, bootedAt: bootSeconds * 1000 };
}

/** Total memory of /proc/meminfo, in bytes. */
export function parseMemoryTotal(text: string): number | undefined {
  return kilobytes(text, 'MemTotal');
}

/** /proc/uptime in milliseconds: a clock that nobody sets, with a resolution of 10 ms. */
export function parseUptimeMs(text: string): number | undefined {
  const seconds = field(text, /^(\d+(?:\.\d+)?) /);
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

/** First line of a pid file; more lines (as Postgres writes) do not matter. */
export function parsePid(text: string): number | undefined {
  return field(text, /^\s*([1-9]\d{0,9})\s*(?:\n|$)/);
}

function kilobytes(text: string, name: string): number | undefined {
  const value = field(text, new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm'));
  return value === undefined ? undefined : value * 1024;
}

function field(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
