import { randomBytes } from 'node:crypto';

/** The last events of a stream, so that a reader who was away for a while gets what it missed and no more. */
export interface EventRing {
  /** Number of the last event; 0 before the first. */
  last(): number;
  /** Text of the `id:` field for an event; it is of this ring alone, so that no event of an earlier process is taken for it. */
  idOf(sequence: number): string;
  /** The number in an id that this ring gave; undefined for another. */
  sequenceOf(id: string): number | undefined;
  push(event: Buffer): void;
  /** Events after that number, oldest first; undefined when some of them are gone. */
  after(sequence: number): readonly Buffer[] | undefined;
  /** Forgets the events, and that there will be some that nobody noted: whoever was here before has missed something. */
  clear(): void;
}

export interface EventRingLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

export function createEventRing({ maxEvents, maxBytes }: EventRingLimits): EventRing {
  const epoch = randomBytes(6).toString('base64url');
  let events: Buffer[] = [];
  let bytes = 0;
  let last = 0;
  return {
    last: () => last,
    idOf: (sequence) => `${epoch}.${sequence}`,
    sequenceOf(id) {
      const [, of, digits = ''] = /^([\w-]{8})\.(\d{1,15})$/.exec(id) ?? [];
      const sequence = Number(digits);
      return of === epoch && sequence <= last ? sequence : undefined;
    },
    push(event) {
      last += 1;
      events.push(event);
      bytes += event.length;
      while (events.length > maxEvents || bytes > maxBytes) bytes -= events.shift()?.length ?? 0;
    },
    after(sequence) {
      const missed = last - sequence;
      return missed < 0 || missed > events.length ? undefined : events.slice(events.length - missed);
    },
    clear() {
      last += 1;
      events = [];
      bytes = 0;
    },
  };
}
