import type { LoadReader, LoadTestSnapshot } from '../model/load-test.ts';

/** What runs now, for rules, logs and pages. */
export interface LoadBoard extends LoadReader {
  set(key: string, entry: BoardEntry): void;
  remove(key: string): void;
}

export interface BoardEntry {
  readonly snapshot: LoadTestSnapshot;
  /** Ids of the containers that it drives while it runs. */
  readonly targetIds: readonly string[];
}

/** Of several tests on one container: the sum of their rates, under the name of the strongest. */
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
