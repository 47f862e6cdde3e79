/**
 * Which keys wait and which run: `queue` is the order, `dirty` what needs a pass, `processing` what has one now.
 * After client-go's workqueue: a key never runs twice at once, and adding it again while it waits changes nothing.
 */
export interface KeySets {
  /** False when the key waits already. */
  add(key: string): boolean;
  /** The next key to run; undefined when none waits. */
  take(): string | undefined;
  /** The pass over the key has ended; it waits again when it was added meanwhile. */
  done(key: string): void;
  /** Keys that need a pass. */
  dirty(): number;
  waiting(): number;
  processing(): number;
}

export function createKeySets(): KeySets {
  const queue: string[] = [];
  const dirty = new Set<string>();
  const processing = new Set<string>();
  return {
    add(key) {
      if (dirty.has(key)) return false;
      dirty.add(key);
      if (!processing.has(key)) queue.push(key);
      return true;
    },
    take() {
      const key = queue.shift();
      if (key === undefined) return undefined;
      dirty.delete(key);
      processing.add(key);
      return key;
    },
    done(key) {
      processing.delete(key);
      if (dirty.has(key)) queue.push(key);
    },
    dirty: () => dirty.size,
    waiting: () => queue.length,
    processing: () => processing.size,
  };
}
