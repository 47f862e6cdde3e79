import { createLruMap } from './lru-map.ts';

export interface EventInput {
  /** Identity of the object that it is about. */
  readonly about: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** An event as it is to be written: new when `count` is 1, else the one that was written before under that name. */
export interface CorrelatedEvent {
  readonly name: string;
  readonly message: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** client-go's EventCorrelator: so many similar events within that time are told as one. */
const MAX_SIMILAR = 10;
const SIMILAR_WITHIN_MS = 600_000;
/** Events about one object: a burst, and then one in so long. */
const BURST = 25;
const REFILL_MS = 300_000;
const MAX_ENTRIES = 4096;

interface Similar {
  readonly messages: ReadonlySet<string>;
  readonly lastMs: number;
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

export interface EventCorrelator {
  /** Undefined when there have been too many about that object. `newName` names an event that is new. */
  correlate(event: EventInput, nowMs: number, newName: string): CorrelatedEvent | undefined;
}

/** Counts equal events, combines similar ones, and holds back floods, with the numbers of client-go. */
export function createEventCorrelator(): EventCorrelator {
  const similar = createLruMap<Similar>(MAX_ENTRIES);
  const buckets = createLruMap<Bucket>(MAX_ENTRIES);
  const written = createLruMap<CorrelatedEvent>(MAX_ENTRIES);

  const isCombined = (event: EventInput, kindKey: string, nowMs: number): boolean => {
    const known = similar.get(kindKey);
    const recent = known !== undefined && nowMs - known.lastMs <= SIMILAR_WITHIN_MS ? known.messages : [];
    // past the bound the set need not grow: all further ones are combined
    const messages = new Set([...recent, event.message].slice(0, MAX_SIMILAR));
    similar.set(kindKey, { messages, lastMs: nowMs });
    return messages.size >= MAX_SIMILAR;
  };
  const takeToken = (about: string, nowMs: number): boolean => {
    const known = buckets.get(about) ?? { tokens: BURST, atMs: nowMs };
    const tokens = Math.min(BURST, known.tokens + Math.max(0, nowMs - known.atMs) / REFILL_MS);
    const allowed = tokens >= 1;
    buckets.set(about, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
    return allowed;
  };
  return {
    correlate(event, nowMs, newName) {
      const kindKey = JSON.stringify([event.about, event.type, event.reason]);
      const combined = isCombined(event, kindKey, nowMs);
      const message = combined ? `(combined from similar events): ${event.message}` : event.message;
      const key = combined ? kindKey : JSON.stringify([kindKey, event.message]);
      const before = written.get(key);
      const next: CorrelatedEvent = {
        name: before?.name ?? newName,
        message,
        count: (before?.count ?? 0) + 1,
        firstMs: before?.firstMs ?? nowMs,
        lastMs: nowMs,
      };
      written.set(key, next);
      return takeToken(event.about, nowMs) ? next : undefined;
    },
  };
}
