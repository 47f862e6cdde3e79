import type { Clock } from '../../clock.ts';
import { decodeEvent, eventActions, type ContainerEvent } from './decode/events.ts';
import type { Engine } from './engine.ts';
import { createEventMemory } from './event-memory.ts';

/** The container events of one host, over as many streams as it takes. */
export interface EventStream {
  /** Resolves when the engine sends; each event comes once, over all streams. The signal ends the stream. */
  open(engine: Engine, signal: AbortSignal): Promise<AsyncGenerator<ContainerEvent, void>>;
}

/** The engine answers the request at once, events or not. */
const OPEN_TIMEOUT_MS = 5000;
/** Without exec noise: each health check would make three events. */
const FILTERS = JSON.stringify({ type: ['container'], event: eventActions });

export function createEventStream(clock: Clock): EventStream {
  const memory = createEventMemory();

  async function* decode(lines: AsyncGenerator<string, void>): AsyncGenerator<ContainerEvent, void> {
    for await (const line of lines) {
      const event = parseEvent(line);
      if (event !== undefined && memory.isNew(event)) yield event;
    }
  }

  return {
    open: async (engine, signal) => {
      const since = memory.since();
      const query = { filters: FILTERS, ...(since === undefined ? {} : { since }) };
      const lines = await withPatience(clock, signal, (patience) => engine.lines('/events', query, patience));
      return decode(lines);
    },
  };
}

/** Bounds the time until `open` resolves, but not what it resolves with. */
async function withPatience<T>(
  clock: Clock,
  signal: AbortSignal,
  open: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const tooLate = new AbortController();
  const opened = new AbortController();
  const giveUp = (): void => {
    tooLate.abort(new DOMException('no event stream', 'TimeoutError'));
  };
  const patience = clock.sleep(OPEN_TIMEOUT_MS, AbortSignal.any([signal, opened.signal]));
  patience.then(giveUp).catch(() => undefined);
  try {
    return await open(AbortSignal.any([signal, tooLate.signal]));
  } finally {
    opened.abort();
  }
}

/** A line that is no event of a container is of no interest, whatever else it is. */
function parseEvent(line: string): ContainerEvent | undefined {
  try {
    return decodeEvent(JSON.parse(line));
  } catch {
    return undefined;
  }
}
