import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerFacts } from './decode/inspect.ts';
import type { Sample } from '../sample.ts';
import { candidatePaths, type CgroupPaths } from './cgroup-paths.ts';

/** Reads a container's counters from the kernel's files: some 50 microseconds, and no engine involved. */
export interface CgroupReader {
  /** Undefined when this machine has no such container, or hides it: ask the engine then. */
  read(facts: ContainerFacts): Sample | undefined;
  /** Drops what is remembered of containers that are gone. */
  keepOnly(ids: ReadonlySet<string>): void;
}

interface CgroupOptions {
  /** Where the host's cgroup file systems and /proc are mounted. */
  readonly cgroupDir: string;
  readonly procDir: string;
  /** Monotonic nanoseconds; tests bring their own. */
  readonly nowNs?: (() => bigint) | undefined;
}

/**
 * Reads are synchronous on purpose: these files answer from memory, and the asynchronous way costs ten times the
 * processor time.
 */
export function createCgroupReader({ cgroupDir, procDir, nowNs = monotonicNs }: CgroupOptions): CgroupReader {
  const known = new Map<string, CgroupPaths>();

  function find(facts: ContainerFacts): CgroupPaths | undefined {
    const paths = known.get(facts.id);
    if (paths !== undefined) return paths;
    const found = candidatePaths(facts, { cgroupDir, procDir }).find((candidate) => readCpuNs(candidate) !== undefined);
    if (found !== undefined) known.set(facts.id, found);
    return found;
  }

  return {
    read(facts) {
      const paths = find(facts);
      const cpuNs = paths === undefined ? undefined : readCpuNs(paths);
      if (paths === undefined || cpuNs === undefined) {
        known.delete(facts.id);
        return undefined;
      }
      return {
        readAtNs: nowNs(),
        cpuNs,
        memoryBytes: readWorkingSet(paths),
        ...readDisk(paths),
        processes: readNumber(join(paths.pids, 'pids.current')),
        ...(facts.network === 'own' && facts.pid > 0 ? readNetwork(join(procDir, String(facts.pid), 'net/dev')) : {}),
      };
    },
    keepOnly(ids) {
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
    },
  };
}

const monotonicNs = (): bigint => process.hrtime.bigint();

function readCpuNs(paths: CgroupPaths): number | undefined {
  if (paths.version === 1) return readNumber(join(paths.cpu, 'cpuacct.usage'));
  const micros = readField(readText(join(paths.cpu, 'cpu.stat')), 'usage_usec');
  return micros === undefined ? undefined : micros * 1000;
}

/** Usage less inactive file cache. */
function readWorkingSet(paths: CgroupPaths): number | undefined {
  const isV1 = paths.version === 1;
  const usage = readNumber(join(paths.memory, isV1 ? 'memory.usage_in_bytes' : 'memory.current'));
  if (usage === undefined) return undefined;
  const stat = readText(join(paths.memory, 'memory.stat'));
  const inactive = readField(stat, isV1 ? 'total_inactive_file' : 'inactive_file') ?? 0;
  return inactive < usage ? usage - inactive : usage;
}

function readDisk(paths: CgroupPaths): Pick<Sample, 'readBytes' | 'writtenBytes'> {
  const isV1 = paths.version === 1;
  const text = readText(join(paths.io, isV1 ? 'blkio.throttle.io_service_bytes' : 'io.stat'));
  if (text === undefined) return {};
  return isV1
    ? { readBytes: sumMatches(text, / Read (\d+)$/gm), writtenBytes: sumMatches(text, / Write (\d+)$/gm) }
    : { readBytes: sumMatches(text, /\brbytes=(\d+)/g), writtenBytes: sumMatches(text, /\bwbytes=(\d+)/g) };
}

/** All interfaces but loopback, as the engine counts them. */
function readNetwork(path: string): Pick<Sample, 'receivedBytes' | 'transmittedBytes'> {
  const text = readText(path);
  if (text === undefined) return {};
  let receivedBytes = 0;
  let transmittedBytes = 0;
  for (const [, name, numbers = ''] of text.matchAll(/^\s*([^\s:]+):\s*(.*)$/gm)) {
    if (name === 'lo') continue;
    const columns = numbers.split(/\s+/).map(Number);
    receivedBytes += columns[0] ?? 0;
    transmittedBytes += columns[8] ?? 0;
  }
  return { receivedBytes, transmittedBytes };
}

function sumMatches(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);
}

function readField(text: string | undefined, key: string): number | undefined {
  const match = text === undefined ? null : new RegExp(`^${key} (\\d+)$`, 'm').exec(text);
  return match === null ? undefined : Number(match[1]);
}

function readNumber(path: string): number | undefined {
  const text = readText(path)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** A file that is away or may not be read is a reading that is not there. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
