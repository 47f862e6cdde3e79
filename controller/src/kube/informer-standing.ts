import { errorMessage, isFoghornError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Instruments } from '../model/instruments.ts';

/** How far an informer has followed its kind, and whether it can. */
export interface Standing {
  /** The last version that was listed or told; empty before. */
  seen(): string;
  told(resourceVersion: string | undefined): void;
  /** All were listed, with so many differences to what was known. */
  listed(resourceVersion: string, differences: number): void;
  /** List or watch failed. */
  lost(thrown: unknown): void;
  hasListed(): boolean;
  isRefused(): boolean;
}

export interface StandingDeps {
  readonly kind: string;
  readonly log: Log;
  readonly instruments: Pick<Instruments, 'informer'> | undefined;
}

export function createStanding({ kind, log, instruments }: StandingDeps): Standing {
  const counted = instruments?.informer(kind);
  /** Why the next list is made. */
  let why: 'first' | 'lost' | 'routine' = 'first';
  let seen = '';
  let isRefused = false;
  let lastFault = '';
  return {
    seen: () => seen,
    told(resourceVersion) {
      seen = resourceVersion ?? seen;
    },
    listed(resourceVersion, differences) {
      counted?.listed(why);
      if (why === 'routine' && differences > 0) {
        counted?.missed(differences);
        log.warn({ kind, differences }, 'the watch had missed changes, which this list has found');
      }
      [seen, why, isRefused, lastFault] = [resourceVersion, 'routine', false, ''];
    },
    lost(thrown) {
      if (why === 'routine') why = 'lost';
      isRefused = isFoghornError(thrown, 'Forbidden');
      const message = errorMessage(thrown);
      // said once, not with every try
      const isNews = !isFoghornError(thrown, 'Gone') && message !== lastFault;
      lastFault = message;
      log[isNews ? 'warn' : 'debug']({ kind, err: thrown }, `lost the watch, will list again: ${message}`);
    },
    hasListed: () => why !== 'first',
    isRefused: () => isRefused,
  };
}
