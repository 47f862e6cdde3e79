import { errorMessage, isFoghornError } from '../../errors.ts';
import type { Output } from '../launcher.ts';
import { readOutput } from '../output.ts';
import type { JobCluster, LogRange } from './cluster.ts';

export interface LogReader {
  /** Unavailable while the pod runs and nothing of it was ever read. */
  read(pod: { readonly namespace: string; readonly name: string; readonly isEnded: boolean }): Promise<Output>;
  forget(pod: { readonly namespace: string; readonly name: string }): void;
}

/** The runtime cuts lines into entries of 16 KiB, which count as lines; a report has at most 8 MB. */
const RUNNING: LogRange = { tailLines: 20, limitBytes: 512 * 1024 };
const ENDED: LogRange = { tailLines: 520, limitBytes: 9 * 1024 * 1024 };
/** Generators whose last words are kept; far more than run at one time. */
const MAX_REMEMBERED = 10_000;
const NOTHING: Output = { complaint: '' };

/** Reads what generators have said, and remembers their last progress: a node may take a log with it. */
export function createLogReader(cluster: Pick<JobCluster, 'podLog'>): LogReader {
  const heard = new Map<string, Output>();
  return {
    async read({ namespace, name, isEnded }) {
      const key = `${namespace}/${name}`;
      try {
        const log = await cluster.podLog(namespace, name, isEnded ? ENDED : RUNNING);
        if (log === undefined) return heard.get(key) ?? NOTHING;
        const output = outputOf(log);
        if (heard.size >= MAX_REMEMBERED) heard.clear();
        if (output.progress !== undefined) heard.set(key, { progress: output.progress, complaint: '' });
        return output;
      } catch (error) {
        const last = heard.get(key);
        // Soon it can be read again, or its node is lost, which is seen by its pod.
        if (!isEnded && last === undefined && isFoghornError(error, 'Unavailable')) throw error;
        return { ...last, complaint: `its output cannot be read: ${errorMessage(error)}` };
      }
    },
    forget: ({ namespace, name }) => void heard.delete(`${namespace}/${name}`),
  };
}

/** A pod's log has both streams in one: lines of the protocol are objects. */
function outputOf(log: string): Output {
  const lines = Map.groupBy(log.split('\n'), (line) => line.startsWith('{'));
  return readOutput((lines.get(true) ?? []).join('\n'), (lines.get(false) ?? []).join('\n'));
}
