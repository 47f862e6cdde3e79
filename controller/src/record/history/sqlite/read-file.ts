import { readTarget, type RecordedSeries } from '../recorded.ts';
import { defaultTiers } from '../tiers.ts';
import { openDatabase } from './database.ts';
import { targetTiers } from './store.ts';

/** Reads all targets of a history file that no controller has open. Fails with what SQLite fails with. */
export async function readRecorded(file: string, fromMs: number, toMs: number): Promise<readonly RecordedSeries[]> {
  const database = openDatabase(file, defaultTiers);
  try {
    const recorded: RecordedSeries[] = [];
    for (const row of database.db.prepare('SELECT id, name FROM targets ORDER BY name').all()) {
      const target = targetTiers(database, defaultTiers, Number(row['id']));
      recorded.push({ targetId: String(row['name']), ...(await readTarget(target, { fromMs, toMs })) });
    }
    return recorded;
  } finally {
    database.db.close();
  }
}
