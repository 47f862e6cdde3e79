import { startStopwatch } from '../clock.ts';
import type { PassResult, QueueInstruments } from '../model/instruments.ts';

/** Measures how long keys wait and run, where somebody wants to know. */
export interface QueueTiming {
  added(key: string, depth: number): void;
  /** Gives the call that ends the pass. */
  began(key: string, depth: number): (result: PassResult) => void;
  retried(): void;
}

export function createQueueTiming(instruments: QueueInstruments | undefined): QueueTiming {
  const waits = new Map<string, () => number>();
  if (instruments === undefined) return { added: ignore, began: () => ignore, retried: ignore };
  return {
    added(key, depth) {
      waits.set(key, startStopwatch());
      instruments.added(depth);
    },
    began(key, depth) {
      const elapsedMs = startStopwatch();
      const ended = instruments.began((waits.get(key)?.() ?? 0) / 1000, depth);
      waits.delete(key);
      return (result) => ended(result, elapsedMs() / 1000);
    },
    retried: instruments.retried,
  };
}

function ignore(): void {
  return undefined;
}
