import type { DatabaseSync } from 'node:sqlite';

/** Small numbers for the ids of targets, and when each was last seen running. */
export interface TargetIds {
  /** The number of a target; a new one for a new target. */
  idOf(targetId: string): number;
  find(targetId: string): number | undefined;
  all(): readonly number[];
  setLastUp(targetId: string, atMs: number): void;
  /** Ids of targets that ran since then. */
  seenRunning(sinceMs: number): readonly string[];
  remove(id: number): void;
}

export function openTargets(db: DatabaseSync): TargetIds {
  const insert = db.prepare('INSERT INTO targets (name) VALUES (?) RETURNING id');
  const lookUp = db.prepare('SELECT id FROM targets WHERE name = ?');
  const list = db.prepare('SELECT id FROM targets ORDER BY id');
  const update = db.prepare('UPDATE targets SET last_up_ms = max(last_up_ms, ?) WHERE name = ?');
  const running = db.prepare('SELECT name FROM targets WHERE last_up_ms >= ? ORDER BY name');
  const remove = db.prepare('DELETE FROM targets WHERE id = ?');
  const find = (targetId: string): number | undefined => {
    const id = lookUp.get(targetId)?.['id'];
    return typeof id === 'number' ? id : undefined;
  };
  return {
    find,
    idOf: (targetId) => find(targetId) ?? Number(insert.get(targetId)?.['id']),
    all: () => list.all().map((row) => Number(row['id'])),
    setLastUp(targetId, atMs) {
      update.run(atMs, targetId);
    },
    seenRunning: (sinceMs) => running.all(sinceMs).map((row) => String(row['name'])),
    remove(id) {
      remove.run(id);
    },
  };
}
