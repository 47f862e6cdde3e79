import type { Change } from '../../model/observation.ts';
import type { Run } from './life.ts';
import { generationOf } from './workload.ts';

/** What has been told of a workload's makings: a rollout of thirty replicas is one note, of the replica that is first. */
export interface Rollouts {
  /** Whether the change is of a rollout that another replica has told already; else it counts as told from now on. */
  isTold(change: Change, run: Run): boolean;
}

export function createRollouts(): Rollouts {
  /** The last one, by container. */
  const told = new Map<string, string>();
  return {
    isTold({ kind, detail = '' }, { pod, container }) {
      if (kind !== 'deployed' && kind !== 'configured') return false;
      const rollout = `${kind} ${generationOf(pod)} ${detail}`;
      if (told.get(container.name) === rollout) return true;
      told.set(container.name, rollout);
      return false;
    },
  };
}
