import { setImmediate } from 'node:timers/promises';

/** Writes batch after batch until nothing is left, each at its own turn; false when one could not be written. */
export type Drain = () => Promise<boolean>;

/** Whoever asks while it runs waits for the same writer, which takes what was added meanwhile along. */
export function createDrain(isEmpty: () => boolean, writeSome: () => Promise<boolean>): Drain {
  let running: Promise<boolean> | undefined;

  async function writeAll(): Promise<boolean> {
    try {
      while (!isEmpty()) {
        if (!(await writeSome())) return false;
        if (!isEmpty()) await setImmediate();
      }
      return true;
    } finally {
      running = undefined;
    }
  }

  return async () => {
    if (running === undefined && isEmpty()) return true;
    running ??= writeAll();
    return running;
  };
}
