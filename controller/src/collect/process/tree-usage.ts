import type { ProcessStat } from './proc.ts';
import type { ProcFiles } from './proc-files.ts';
import {
  findTree,
  readUsage,
  sumIo,
  sumMemory,
  type Baseline,
  type HostSize,
  type TreeSample,
  type Usage,
} from './usage.ts';

/** Reads what process trees use, all in one round from one list of the processes. */
export interface TreeUsage {
  /** Of the tree below `pid`; empty without one, or when it has ended. `run` tells runs of one target apart. */
  read(targetId: string, run: string, pid: number | undefined): Pick<Usage, 'resources' | 'note'>;
}

/** Keeps each target's last sample, which rates are counted from. Begins a round; throws when /proc cannot be read. */
export function createTreeUsage(files: ProcFiles): (size: HostSize) => TreeUsage {
  const baselines = new Map<string, Baseline>();
  return (size) => {
    const processes = files.processes();
    return {
      read(targetId, run, pid) {
        const sample = pid === undefined ? undefined : sampleTree(files, processes, { run, pid });
        if (sample === undefined) {
          baselines.delete(targetId);
          return { resources: {} };
        }
        const usage = readUsage(baselines.get(targetId), sample, size);
        baselines.set(targetId, usage.baseline);
        return usage;
      },
    };
  };
}

function sampleTree(
  files: ProcFiles,
  processes: readonly ProcessStat[],
  { run, pid }: { readonly run: string; readonly pid: number },
): TreeSample | undefined {
  const tree = findTree(pid, processes);
  if (tree.length === 0) return undefined;
  return {
    run,
    readAtMs: files.uptimeMs(),
    cpuTicks: tree.reduce((sum, process) => sum + process.cpuTicks, 0),
    threads: tree.reduce((sum, process) => sum + process.threads, 0),
    memoryBytes: sumMemory(tree.flatMap((process) => files.memory(process.pid) ?? [])),
    io: sumIo(tree.map((process) => files.io(process.pid))),
  };
}
