import type { LoadTestStatus } from '../model/resources.generated.ts';
import { conditionOf } from './load-test-record.ts';

/** An Event about a load test. */
export interface LoadTestEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

const good: ReadonlySet<string> = new Set([
  'Pending',
  'WaitingForGenerators',
  'Running',
  'ThresholdsPassed',
  'Suspended',
  'Scheduled',
]);
/** Steps on the way that tell nobody anything. */
const quiet: ReadonlySet<string> = new Set(['Pending', 'WaitingForGenerators']);

/** What is news between two states of the status: a new reason, said once. */
export function loadTestEvent(before: LoadTestStatus | undefined, after: LoadTestStatus): LoadTestEvent | undefined {
  const now = conditionOf(after, 'Ready');
  if (now === undefined || quiet.has(now.reason) || conditionOf(before, 'Ready')?.reason === now.reason)
    return undefined;
  return { type: good.has(now.reason) ? 'Normal' : 'Warning', reason: now.reason, message: now.message };
}
