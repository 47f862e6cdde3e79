import type { DatabaseSync } from 'node:sqlite';
import { expired } from '../kube/status.ts';
import type { StoredObject } from './metadata.ts';

/** One write, as watchers are told of it. */
export interface Change {
  readonly rv: number;
  /** `alerts.foghorn.dev`. */
  readonly resource: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** After the write; of a deletion the last state. */
  readonly object: StoredObject;
  readonly previous: StoredObject | undefined;
}

export interface ChangesPage {
  readonly changes: readonly Change[];
  /** Everything up to here has been looked at. */
  readonly resourceVersion: number;
}

/** Writes that can be resumed from; older ones are forgotten. */
const MAX_CHANGES = 10_000;
/** Together with the count it bounds the file: objects may be large. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_AGE_MS = 60 * 60 * 1000;
/** Forgetting is done once in so many writes: each costs a scan of an index. */
const FORGET_EVERY = 100;

/** The last writes, for watches that resume. */
export function createHistory(database: DatabaseSync) {
  const insert = database.prepare(
    'INSERT INTO history (rv, resource, type, at, bytes, json, previous) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const after = database.prepare('SELECT * FROM history WHERE rv > ? AND resource = ? ORDER BY rv LIMIT ?');
  const oldest = database.prepare('SELECT min(rv) AS rv FROM history');
  const last = database.prepare('SELECT rv FROM counter');
  const total = database.prepare('SELECT coalesce(sum(bytes), 0) AS bytes FROM history');
  const forgetUpTo = database.prepare('DELETE FROM history WHERE rv <= ? RETURNING bytes');
  const forgetBefore = database.prepare('DELETE FROM history WHERE at < ? RETURNING bytes');
  let bytes = Number(total.get()?.['bytes']);
  let writes = 0;
  return {
    /** Gives back how many bytes it took. */
    add(change: Change, json: string, nowMs: number): number {
      const previous = change.previous === undefined ? null : JSON.stringify(change.previous);
      const added = json.length + (previous?.length ?? 0);
      insert.run(change.rv, change.resource, change.type, nowMs, added, json, previous);
      bytes += added;
      writes += 1;
      return added;
    },
    /** Drops what is past the bounds of age, count and bytes. */
    forget(nowMs: number): void {
      if (writes % FORGET_EVERY !== 0 && bytes <= MAX_BYTES) return;
      const newest = Number(last.get()?.['rv']);
      const kept = bytes <= MAX_BYTES ? MAX_CHANGES : Math.floor((newest - Number(oldest.get()?.['rv'])) / 2);
      const forgotten = [...forgetUpTo.all(newest - kept), ...forgetBefore.all(nowMs - MAX_AGE_MS)];
      bytes -= forgotten.reduce((sum, row) => sum + Number(row['bytes']), 0);
    },
    changesAfter(resourceVersion: number, resource: string, limit: number): ChangesPage {
      const newest = Number(last.get()?.['rv']);
      const first = oldest.get()?.['rv'];
      const known = typeof first === 'number' ? first - 1 : newest;
      if (resourceVersion < known) {
        throw expired(`too old resource version: ${resourceVersion} (${known})`);
      }
      const changes = after.all(resourceVersion, resource, limit).map(decode);
      const whole = changes.length < limit;
      return { changes, resourceVersion: whole ? newest : (changes.at(-1)?.rv ?? newest) };
    },
  };
}

/** The store reads back what it wrote itself. */
function decode(row: Record<string, unknown>): Change {
  const previous = row['previous'];
  return {
    rv: Number(row['rv']),
    resource: String(row['resource']),
    type: String(row['type']) as Change['type'],
    object: JSON.parse(String(row['json'])) as StoredObject,
    previous: typeof previous === 'string' ? (JSON.parse(previous) as StoredObject) : undefined,
  };
}
