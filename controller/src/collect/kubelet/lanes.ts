import pLimit from 'p-limit';

/** Calls under way at a time; and of nodes that were slow lately, so that many of them do not hold up the others. */
export const MAX_CALLS = 64;
export const MAX_SLOW_CALLS = 16;

/** Bounds calls to nodes, with a lane of their own for the slow. */
export interface Lanes {
  /** A call that has been asked to begin; one that then is quick puts its node back among the usual. */
  run<T>(node: string, call: () => Promise<T>): Promise<T>;
  /** The node let somebody wait. */
  slow(node: string): void;
}

export function createLanes(): Lanes {
  const usual = pLimit(MAX_CALLS);
  const patient = pLimit(MAX_SLOW_CALLS);
  const slow = new Set<string>();
  return {
    run(node, call) {
      if (!slow.delete(node)) return usual(call);
      return patient(call);
    },
    slow(node) {
      slow.add(node);
    },
  };
}
