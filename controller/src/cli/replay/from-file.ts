import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage, FoghornError } from '../../errors.ts';
import { readRecorded } from '../../record/history/sqlite/read-file.ts';
import { targetOfId, type RecordedTarget } from '../../replay/recorded-target.ts';

const HISTORY_FILE = 'history.db';
/** A running controller writes every few seconds, so the second try is usually whole. */
const MAX_TRIES = 5;

/**
 * Reads a copy of the history of a data folder: a running controller holds the file locked, and is not disturbed.
 * Throws NotFound without a history, Unavailable when it changes faster than it can be copied.
 */
export async function readFromFile(dataDir: string, fromMs: number, toMs: number): Promise<readonly RecordedTarget[]> {
  const file = join(dataDir, HISTORY_FILE);
  if (!existsSync(file)) throw new FoghornError('NotFound', `no history in ${dataDir}: ${HISTORY_FILE} is not there`);
  const copyDir = mkdtempSync(join(tmpdir(), 'foghorn-replay-'));
  try {
    const copy = join(copyDir, HISTORY_FILE);
    copyWhole(file, copy);
    return (await readRecorded(copy, fromMs, toMs)).map(({ targetId, ...series }) => ({
      target: targetOfId(targetId),
      ...series,
    }));
  } catch (error) {
    if (error instanceof FoghornError) throw error;
    throw new FoghornError('Unavailable', `${file} cannot be read: ${errorMessage(error)}`, { cause: error });
  } finally {
    rmSync(copyDir, { recursive: true, force: true });
  }
}

/** The file and its write-ahead log belong together: copied again when either changed meanwhile. */
function copyWhole(file: string, copy: string): void {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const before = stateOf(file);
    copyFileSync(file, copy);
    rmSync(`${copy}-wal`, { force: true });
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    if (stateOf(file) === before) return;
  }
  throw new FoghornError('Unavailable', `${file} is being written all the time; try again, or use --url`);
}

function stateOf(file: string): string {
  return [file, `${file}-wal`]
    .map((path) => statSync(path, { throwIfNoEntry: false }))
    .map((stat) => (stat === undefined ? '-' : `${stat.size} ${stat.mtimeMs}`))
    .join(' ');
}
