import type { LoadTestSummary } from '../../../answers/load-tests.ts';
import type { MarkKind } from '../../parts/mark.tsx';

/** How a load test stands, in a word. */
export function loadWord({ phase, succeeded, suspended }: LoadTestSummary): string {
  if (phase === 'finished') return succeeded === true ? 'PASSED' : 'FAILED';
  return phase === 'pending' && suspended ? 'STOPPED' : phase.toUpperCase();
}

export function loadKind({ phase, succeeded }: LoadTestSummary): MarkKind {
  if (phase === 'finished') return succeeded === true ? 'ok' : 'critical';
  return phase === 'pending' ? 'pending' : 'info';
}

/** Whether there is something to stop: also one that would start as soon as it may, or at its time. */
export function isOn({ phase, suspended }: Pick<LoadTestSummary, 'phase' | 'suspended'>): boolean {
  return phase !== 'finished' && !(phase === 'pending' && suspended);
}

/** Whether it may run again: it has ended, or somebody stopped it. */
export function isOver({ phase, suspended }: Pick<LoadTestSummary, 'phase' | 'suspended'>): boolean {
  return phase === 'finished' || (phase === 'pending' && suspended);
}
