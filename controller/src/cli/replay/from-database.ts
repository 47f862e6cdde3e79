import { createSilentLog } from '../../log.ts';
import { targetOfId, type RecordedTarget } from '../../replay/recorded-target.ts';

const MAX_TARGETS = 500;

/** Reads the history in Postgres. Throws NotFound without one, Unavailable when it cannot be read. */
export async function readFromDatabase(url: string, fromMs: number, toMs: number): Promise<readonly RecordedTarget[]> {
  const { readRecorded } = await import('../../record/history/postgres/read-database.ts');
  const recorded = await readRecorded({ url, fromMs, toMs, maxTargets: MAX_TARGETS, log: createSilentLog() });
  return recorded.map(({ targetId, ...series }) => ({ target: targetOfId(targetId), ...series }));
}
