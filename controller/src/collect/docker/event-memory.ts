import type { ContainerEvent } from './decode/events.ts';

/** What is known of the event stream, so that it can be taken up where it broke off. */
export interface EventMemory {
  /** False for an event that came before: a resumed stream repeats some. */
  isNew(event: ContainerEvent): boolean;
  /** Where to resume, as `since` wants it: "seconds.nanoseconds". Undefined before the first event. */
  since(): string | undefined;
}

/** The engine itself keeps 256 for replay. */
const MAX_KEYS = 1024;
const NANOSECONDS = 1_000_000_000n;
/** Times pass through a double on the way, which rounds to a quarter of a microsecond. */
const ROUNDING_NS = 1000n;

export function createEventMemory(): EventMemory {
  const keys = new Set<string>();
  let newest: bigint | undefined;
  return {
    isNew(event) {
      if (keys.has(event.key)) return false;
      keys.add(event.key);
      const [oldest] = keys;
      if (keys.size > MAX_KEYS && oldest !== undefined) keys.delete(oldest);
      if (newest === undefined || event.timeNano > newest) newest = event.timeNano;
      return true;
    },
    since() {
      if (newest === undefined) return undefined;
      const from = newest - ROUNDING_NS;
      return `${from / NANOSECONDS}.${String(from % NANOSECONDS).padStart(9, '0')}`;
    },
  };
}
