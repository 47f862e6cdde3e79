import { startStopwatch, type Clock } from '../clock.ts';
import type { Instruments } from '../model/instruments.ts';

/** Knows how the main loop fares. */
export interface TickWatch {
  /** Runs one pass, and notes how it went. */
  tick(now: number): Promise<void>;
  /** When a pass last ended well. */
  lastHealthyAt(): number | undefined;
}

/** `everyMs` is how often a pass is due. */
export function createTickWatch(deps: {
  readonly tick: (now: number) => Promise<boolean>;
  readonly everyMs: number;
  readonly instruments: Instruments;
  readonly clock: Clock;
}): TickWatch {
  const { everyMs, instruments, clock } = deps;
  let beganAt: number | undefined;
  let healthyAt: number | undefined;
  return {
    async tick(now) {
      const lagMs = beganAt === undefined ? 0 : Math.max(0, now - beganAt - everyMs);
      beganAt = now;
      const elapsedMs = startStopwatch();
      const ok = await deps.tick(now);
      if (ok) healthyAt = clock.now();
      instruments.ticked({ lagSeconds: lagMs / 1000, seconds: elapsedMs() / 1000, ok });
    },
    lastHealthyAt: () => healthyAt,
  };
}
