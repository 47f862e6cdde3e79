import { useEffect, useState } from 'preact/hooks';

/** One value that others follow. Setting the same value tells nobody. */
export interface Cell<Value> {
  get(): Value;
  set(value: Value): void;
  /** Gives back a function that ends it. */
  follow(listener: (value: Value) => void): () => void;
}

export function createCell<Value>(initial: Value): Cell<Value> {
  const listeners = new Set<(value: Value) => void>();
  let present = initial;
  return {
    get: () => present,
    set(value) {
      if (Object.is(value, present)) return;
      present = value;
      for (const listener of listeners) listener(value);
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The value of a cell; the component is drawn again when it changes. */
export function useCell<Value>(cell: Cell<Value>): Value {
  const [value, setValue] = useState<Value>(() => cell.get());
  useEffect(() => {
    // It may have changed between drawing and following.
    setValue(() => cell.get());
    return cell.follow((next) => setValue(() => next));
  }, [cell]);
  return value;
}
