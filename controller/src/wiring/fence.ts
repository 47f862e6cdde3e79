import { FoghornError } from '../errors.ts';
import type { Fence, Leadership } from '../model/leadership.ts';

/** Of a replica; without an election nothing is fenced. */
export function createFence(leadership: Pick<Leadership, 'isHeld'> | undefined): Fence | undefined {
  if (leadership === undefined) return undefined;
  return () => {
    if (leadership.isHeld()) return;
    throw new FoghornError('NotLeading', 'this replica may no longer act: another one may lead by now');
  };
}
