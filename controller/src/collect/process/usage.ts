import type { Resources } from '../../model/observation.ts';
import type { ProcessIo, ProcessMemory, ProcessStat } from './proc.ts';
import { MS_PER_TICK } from './proc.ts';

/** What a process and all below it have used at one time. */
export interface TreeSample {
  /** Which run these counters are of; others cannot be compared with them. */
  readonly run: string;
  /** Milliseconds of the host's uptime. */
  readonly readAtMs: number;
  readonly cpuTicks: number;
  readonly threads: number;
  readonly memoryBytes: number;
  /** Absent when one of the processes does not let it be read. */
  readonly io?: ProcessIo | undefined;
}

export interface HostSize {
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** What rates of the next look are counted from. */
export interface Baseline {
  readonly sample: TreeSample;
  readonly rates?: Rates | undefined;
}

export interface Usage {
  readonly resources: Resources;
  /** Why rates are absent. */
  readonly note?: string | undefined;
  readonly baseline: Baseline;
}

type Rates = Pick<Resources, 'cpuPercent' | 'cpuCores' | 'diskReadRate' | 'diskWriteRate'>;

/** Rates over less are noise, ticks being 10 ms; such a look repeats the rates of the one before. */
const MIN_WINDOW_MS = 900;

/** The process itself and all its descendants, itself first. Processes come in any order. */
export function findTree(root: number, processes: readonly ProcessStat[]): readonly ProcessStat[] {
  const children = Map.groupBy(processes, (process) => process.parentPid);
  const tree = processes.filter((process) => process.pid === root);
  const seen = new Set([root]);
  // The list grows while it is walked. A snapshot read file by file may hold a cycle of reused pids.
  for (const parent of tree) {
    for (const child of children.get(parent.pid) ?? []) {
      if (!seen.has(child.pid)) tree.push(child);
      seen.add(child.pid);
    }
  }
  return tree;
}

/**
 * Resident memory of a tree: what each process has of its own, and the largest part shared with files or other
 * processes once. The plain sum would count the shared buffers of Postgres for each of its processes.
 */
export function sumMemory(parts: readonly ProcessMemory[]): number {
  const own = parts.reduce((sum, part) => sum + part.ownBytes, 0);
  return own + parts.reduce((most, part) => Math.max(most, part.sharedBytes), 0);
}

/** Undefined when one part is unknown: a sum without it would jump. */
export function sumIo(parts: readonly (ProcessIo | undefined)[]): ProcessIo | undefined {
  let readBytes = 0;
  let writtenBytes = 0;
  for (const part of parts) {
    if (part === undefined) return undefined;
    readBytes += part.readBytes;
    writtenBytes += part.writtenBytes;
  }
  return { readBytes, writtenBytes };
}

/**
 * Levels from the sample, rates from its difference to the baseline: CPU time over time passed is cores, over the
 * host's CPUs percent. No rates on the first sample of a run, nor when the CPU counter ran backwards, as it does when
 * a process leaves the tree unreaped.
 */
export function readUsage(previous: Baseline | undefined, sample: TreeSample, host: HostSize): Usage {
  const levels = readLevels(sample, host);
  const begin = (note: string): Usage => ({ resources: levels, note, baseline: { sample } });
  if (previous?.sample.run !== sample.run) return begin('first sample of this run: rates come with the next');
  if (sample.cpuTicks < previous.sample.cpuTicks) return begin('a process left the tree: rates come with the next');
  if (sample.readAtMs - previous.sample.readAtMs < MIN_WINDOW_MS) {
    const note = previous.rates === undefined ? 'first sample of this run: rates come with the next' : undefined;
    return { resources: { ...levels, ...previous.rates }, note, baseline: previous };
  }
  const rates = readRates(previous.sample, sample, host);
  return { resources: { ...levels, ...rates }, baseline: { sample, rates } };
}

function readLevels(sample: TreeSample, host: HostSize): Resources {
  return {
    memoryBytes: sample.memoryBytes,
    memoryLimitBytes: host.memoryBytes,
    memoryPercent: (sample.memoryBytes / host.memoryBytes) * 100,
    processes: sample.threads,
  };
}

function readRates(before: TreeSample, after: TreeSample, host: HostSize): Rates {
  const windowMs = after.readAtMs - before.readAtMs;
  const perSecond = (first: number | undefined, last: number | undefined): number | undefined =>
    first === undefined || last === undefined || last < first ? undefined : ((last - first) / windowMs) * 1000;
  const cpuCores = ((after.cpuTicks - before.cpuTicks) * MS_PER_TICK) / windowMs;
  return {
    cpuCores,
    cpuPercent: (cpuCores / host.cpus) * 100,
    diskReadRate: perSecond(before.io?.readBytes, after.io?.readBytes),
    diskWriteRate: perSecond(before.io?.writtenBytes, after.io?.writtenBytes),
  };
}
