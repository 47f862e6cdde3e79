import type { TargetUptime, UptimeAnswer } from '../../answers/container.ts';
import { get } from '../api.ts';
import { createCell, type Cell } from '../cell.ts';

/** `api/uptime` takes 100; long names must still fit into an address. */
const MAX_ASKED = 50;
/** A slot is half an hour: the bar may be some minutes behind. */
const FRESH_MS = 5 * 60_000;
/** After a failure. */
const RETRY_MS = 30_000;
const MAX_KEPT = 2000;

interface Known {
  readonly uptime: TargetUptime | undefined;
  readonly askAgainAt: number;
}

/** Uptime of the containers that were on screen. */
export const uptimes: Cell<ReadonlyMap<string, Known>> = createCell<ReadonlyMap<string, Known>>(new Map());

let isAsking = false;

/** Asks for those of the ids that are not known or old. One request at a time; the rest comes with the next call. */
export async function askUptimes(ids: readonly string[], now: number): Promise<void> {
  const wanted = ids.filter((id) => (uptimes.get().get(id)?.askAgainAt ?? 0) <= now).slice(0, MAX_ASKED);
  if (isAsking || wanted.length === 0) return;
  isAsking = true;
  const answer = await get<UptimeAnswer>('api/uptime', { query: { targets: wanted.join(',') } });
  isAsking = false;
  const byId = new Map(answer.ok ? answer.value.targets.map((uptime) => [uptime.target, uptime]) : []);
  const kept = new Map(uptimes.get().size > MAX_KEPT ? [] : uptimes.get());
  for (const id of wanted) {
    kept.set(id, { uptime: byId.get(id) ?? kept.get(id)?.uptime, askAgainAt: now + (answer.ok ? FRESH_MS : RETRY_MS) });
  }
  uptimes.set(kept);
}
