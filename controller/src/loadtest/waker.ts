import type { Clock } from '../clock.ts';
import type { Target } from '../model/target.ts';
import type { LoadSurroundings } from './result.ts';

/** Containers under load are looked at this often. */
const WAKE_EVERY_MS = 5000;

/** Has the containers of running tests looked at, however rarely their policies do. */
export interface Waker {
  wake(key: string, targets: readonly Target[]): void;
  forget(key: string): void;
}

export function createWaker({ clock, wake }: { readonly clock: Clock } & Pick<LoadSurroundings, 'wake'>): Waker {
  const wokenAt = new Map<string, number>();
  return {
    wake(key, targets) {
      const now = clock.now();
      if (now - (wokenAt.get(key) ?? Number.NEGATIVE_INFINITY) < WAKE_EVERY_MS) return;
      wokenAt.set(key, now);
      for (const { id } of targets) wake(id);
    },
    forget: (key) => void wokenAt.delete(key),
  };
}
