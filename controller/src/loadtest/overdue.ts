import { planDurationMs, type LoadTest } from '../model/load-test.ts';
import type { Ending } from '../model/load-run.ts';
import { FIRST_LINE_DEADLINE_MS, LAUNCH_DEADLINE_MS, RUN_GRACE_MS } from './deadlines.ts';

/** Whether all generators have begun to speak, and what one of them complains of. */
interface Heard {
  readonly isHeard: boolean;
  readonly complaint: string | undefined;
}

/** Why a run has lasted too long, by its generators' silence or by its plan. */
export function overdue(test: LoadTest, ranMs: number, { isHeard, complaint }: Heard): Ending | undefined {
  const heardMs = LAUNCH_DEADLINE_MS + FIRST_LINE_DEADLINE_MS;
  if (!isHeard && ranMs > heardMs) {
    const why = complaint === undefined ? '' : `: ${complaint}`;
    return { reason: 'GeneratorFailed', message: `a generator did not begin in time${why}` };
  }
  if (ranMs <= heardMs + planDurationMs(test) + test.timeoutMs + RUN_GRACE_MS) return undefined;
  return { reason: 'DeadlineExceeded', message: 'the generators did not end with their plan' };
}
