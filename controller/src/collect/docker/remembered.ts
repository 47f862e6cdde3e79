import type { Change } from '../../model/observation.ts';
import type { ContainerFacts } from './decode/inspect.ts';
import { changeOf, phaseOf } from './life.ts';
import { succeed } from './succession.ts';

/** What is kept of a container beyond the process, to tell the next one what it missed. */
export type Remembered = Pick<
  ContainerFacts,
  'id' | 'image' | 'imageId' | 'restartCount' | 'oomKilled' | 'fingerprint'
>;

export function remember(facts: ContainerFacts): Remembered {
  const { id, image, imageId, restartCount, oomKilled, fingerprint } = facts;
  return { id, image, imageId, restartCount, oomKilled, fingerprint };
}

/**
 * What happened to an identity while nobody watched, as far as the first look proves it. That a container was made anew
 * of the same is not told: who starts a whole project anew, this controller with it, knows that.
 */
export function missedChanges(before: Remembered, facts: ContainerFacts, now: number): readonly Change[] {
  if (before.id !== facts.id) {
    const change = succeed(before, facts, now);
    return change.kind === 'restarted' ? [] : [change];
  }
  // The engine counts only the restarts that it makes by itself, after an end that nobody asked for.
  const isRestarted = phaseOf(facts) === 'running' && facts.restartCount > before.restartCount;
  return [
    ...(facts.oomKilled && !before.oomKilled ? [changeOf('oomKilled', now)] : []),
    ...(isRestarted ? [changeOf('crashed', now), changeOf('restarted', now)] : []),
    ...(before.fingerprint.updatable === facts.fingerprint.updatable ? [] : [changeOf('configured', now)]),
  ];
}
