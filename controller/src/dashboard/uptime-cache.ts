import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { TargetUptime, UptimeAnswer } from './answers/container.ts';
import type { DashboardDetails } from './details.ts';
import type { DashboardReader } from './reader.ts';
import { firstSlotAt, PIECE_MS, SLOT_MS, SLOTS, uptimeOf } from './uptime.ts';

export interface Uptime {
  of(targetIds: readonly string[]): Promise<UptimeAnswer>;
}

/** A day of a target is read from the history once in so long: it is a hundred and forty rows. */
const FRESH_MS = 120_000;
/** About 5 kB each. */
const MAX_TARGETS = 2000;
const MAX_EPISODES = 500;

/** Bars of the last 24 hours, read a target at a time so that nothing else waits for long. */
export function createUptime(deps: {
  readonly reader: Pick<DashboardReader, 'history'>;
  readonly details: Pick<DashboardDetails, 'episodes'>;
  readonly clock: Clock;
}): Uptime {
  const { reader, details, clock } = deps;
  const known = new Map<string, { readonly at: number; readonly uptime: TargetUptime }>();

  async function read(target: string, now: number): Promise<TargetUptime> {
    const span = { fromMs: firstSlotAt(now), toMs: now };
    const maxPoints = SLOTS * (SLOT_MS / PIECE_MS) + 1;
    const { points } = await reader.history({ targetId: target, metric: 'up', ...span, maxPoints });
    const episodes = await details.episodes({ targetId: target, ...span, limit: MAX_EPISODES });
    await setImmediate();
    return uptimeOf(target, { points, episodes, now });
  }

  async function one(target: string, now: number): Promise<TargetUptime> {
    const kept = known.get(target);
    const isFresh = kept !== undefined && now - kept.at < FRESH_MS && firstSlotAt(kept.at) === firstSlotAt(now);
    if (isFresh) return kept.uptime;
    const uptime = await read(target, now);
    known.delete(target);
    known.set(target, { at: now, uptime });
    if (known.size > MAX_TARGETS) known.delete(known.keys().next().value ?? '');
    return uptime;
  }

  return {
    async of(targetIds) {
      const now = clock.now();
      const targets: TargetUptime[] = [];
      for (const id of targetIds) targets.push(await one(id, now));
      return { from: firstSlotAt(now), slotMs: SLOT_MS, targets };
    },
  };
}
