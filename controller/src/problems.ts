import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Problem } from './model/problem.ts';

/** The one place where parts of the controller say that something is wrong, and that it is well again. */
export interface Problems {
  /** Says it once in the log; saying the same again is silent. */
  raise(key: string, reason: string, message: string): void;
  clear(key: string): void;
  list(): readonly Problem[];
}

/** Past this many, further keys are logged but not kept. */
const MAX_PROBLEMS = 500;

export function createProblems(deps: { readonly clock: Clock; readonly log: Log }): Problems {
  const problems = new Map<string, Problem>();
  return {
    raise(key, reason, message) {
      const known = problems.get(key);
      if (known?.message === message && known.reason === reason) return;
      deps.log.warn({ problem: key, reason }, message);
      if (known === undefined && problems.size >= MAX_PROBLEMS) return;
      problems.set(key, { key, reason, message, since: known?.since ?? deps.clock.now() });
    },
    clear(key) {
      if (problems.delete(key)) deps.log.info({ problem: key }, 'well again');
    },
    list: () => [...problems.values()],
  };
}
