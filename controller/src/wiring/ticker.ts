import type { Clock } from '../clock.ts';

export interface Ticker {
  start(): void;
  /** Starts no more ticks and waits for those under way, at most {@link STOP_MS}. */
  stop(): Promise<void>;
}

/** The pipeline decides at each tick what is due; a second is the shortest interval of a policy. */
export const TICK_EVERY_MS = 1000;
const STOP_MS = 5000;
/** Ticks that wait for slow hosts or probes; past it, ticks are left out until one of them ends. */
const MAX_UNDER_WAY = 64;

export function createTicker(deps: { readonly tick: (now: number) => Promise<void>; readonly clock: Clock }): Ticker {
  const { tick, clock } = deps;
  const abort = new AbortController();
  const underWay = new Set<Promise<void>>();

  async function run(): Promise<void> {
    while (!abort.signal.aborted) {
      if (underWay.size < MAX_UNDER_WAY) {
        const one: Promise<void> = tick(clock.now()).finally(() => underWay.delete(one));
        underWay.add(one);
      }
      await clock.sleep(TICK_EVERY_MS, abort.signal);
    }
  }

  let running: Promise<void> | undefined;
  return {
    start() {
      running ??= run().catch((error: unknown) => {
        if (!abort.signal.aborted) throw error;
      });
    },
    async stop() {
      abort.abort();
      await running;
      const deadline = new AbortController();
      const overdue = clock.sleep(STOP_MS, deadline.signal).catch(() => undefined);
      await Promise.race([Promise.all(underWay), overdue]);
      deadline.abort();
    },
  };
}
