import type { LiveAlive } from '../answers/live.ts';
import type { EventRing } from './event-ring.ts';

/** What all streams share: made once, sent to each. */
export interface Broadcast {
  readonly ring: EventRing;
  /** The `state` event as of the last number of the ring. */
  state(): Buffer;
  /** JSON of the rows on screen that are known. */
  screenRows(ids: Iterable<string>): readonly string[];
  /** JSON of the log lines: `"metricsLines":[...],"statusLines":[...]`. */
  lines(): string;
  alive(): LiveAlive;
}

/** `data` is JSON, which has no line break in it, so that nothing in it can end the event. */
export function eventText(name: string, data: string, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${data}\n\n`;
}
