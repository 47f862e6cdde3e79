/** A map that forgets what was longest unused once it is full. */
export interface LruMap<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

export function createLruMap<V>(maxEntries: number): LruMap<V> {
  const entries = new Map<string, V>();
  const touch = (key: string, value: V): void => {
    entries.delete(key);
    entries.set(key, value);
    if (entries.size <= maxEntries) return;
    for (const oldest of entries.keys()) {
      entries.delete(oldest);
      break;
    }
  };
  return {
    get(key) {
      const found = entries.get(key);
      if (found !== undefined) touch(key, found);
      return found;
    },
    set: touch,
  };
}
