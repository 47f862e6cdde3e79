import type { LoadOnTarget, LoadTestSnapshot } from '../model/load-test.ts';

/** What runs now, for rules, logs and pages. */
export interface LoadBoard {
  set(key: string, entry: BoardEntry): void;
  remove(key: string): void;
  /** The load on a container; of several tests the sum of rates, under the name of the strongest. */
  on(targetId: string): LoadOnTarget | undefined;
  list(): readonly LoadTestSnapshot[];
}

export interface BoardEntry {
  readonly snapshot: LoadTestSnapshot;
  /** Ids of the containers that it drives while it runs. */
  readonly targetIds: readonly string[];
}

export function createLoadBoard(): LoadBoard {
  const entries = new Map<string, BoardEntry>();
  return {
    set: (key, entry) => void entries.set(key, entry),
    remove: (key) => void entries.delete(key),
    on(targetId) {
      const driving = [...entries.values()]
        .filter(({ snapshot, targetIds }) => snapshot.running && targetIds.includes(targetId))
        .map(({ snapshot }) => ({ name: snapshot.name, rate: snapshot.summary?.rate ?? 0 }))
        .toSorted((a, b) => b.rate - a.rate);
      const [strongest] = driving;
      return strongest && { name: strongest.name, rate: driving.reduce((sum, { rate }) => sum + rate, 0) };
    },
    list: () => [...entries.values()].map(({ snapshot }) => snapshot),
  };
}
