import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { resourceName } from '../kube/status.ts';
import type { Resource } from '../kube/client.ts';
import type { StoredObject } from './metadata.ts';
import { inTransaction, openDatabase } from './database.ts';
import { createHistory, type Change, type ChangesPage } from './history.ts';
import { encodeJson } from './json.ts';
import { inMetaOrder } from './metadata.ts';
import { createWatchHub, type WatchHub } from './watch-hub.ts';

/** Where objects are kept. Every call runs to its end at once, so that a read followed by a write is one step. */
export interface Store {
  read(resource: Resource, namespace: string, name: string): StoredObject | undefined;
  readByUid(uid: string): StoredObject | undefined;
  list(resource: Resource, options: StoreListOptions): readonly StoredObject[];
  /** How many of the kind there are, in the namespace if given. */
  count(resource: Resource, namespace: string | undefined): number;
  /** The version of the last write. */
  resourceVersion(): number;
  /** Writes the object under the next resourceVersion, and gives it back with that. */
  put(resource: Resource, object: StoredObject, previous: StoredObject | undefined): StoredObject;
  /** Removes the object; its last state is given back with the resourceVersion of the removal. */
  remove(resource: Resource, object: StoredObject): StoredObject;
  /** Objects that name the uid as an owner. */
  dependentsOf(ownerUid: string): readonly StoredObject[];
  /** Uids of all objects that have owners. */
  dependents(): readonly string[];
  /** Objects of the kind that were last written before then. */
  writtenBefore(resource: Resource, beforeMs: number): readonly StoredObject[];
  /** Changes of the kind after a resourceVersion, oldest first. Throws Gone when some of them were forgotten. */
  changesAfter(resourceVersion: number, resource: Resource, limit: number): ChangesPage;
  /** Calls back on every change, in the turn in which it is written; it must not throw. Gives back how to stop. */
  subscribe(listener: (change: Change) => void): () => void;
  readonly hub: WatchHub;
  close(): void;
}

export interface StoreListOptions {
  readonly namespace?: string | undefined;
  /** Only what comes after this object in the order of namespace and name. */
  readonly after?: { readonly namespace: string; readonly name: string } | undefined;
  readonly limit?: number | undefined;
}

/** Opens the store in one file. Throws AlreadyRunning while another process uses it. */
export function openStore(deps: { readonly file: string; readonly clock: Clock }): Store {
  const database = openDatabase(deps.file);
  const hub = createWatchHub();
  const history = createHistory(database);
  const rows = createRows(database);
  const write = (kind: Resource, type: Change['type'], object: StoredObject, previous: StoredObject | undefined) => {
    const resource = resourceName(kind);
    let bytes = 0;
    const change = inTransaction(database, (): Change => {
      const rv = rows.nextResourceVersion();
      const meta = inMetaOrder({ ...object.metadata, resourceVersion: String(rv) });
      const written: Change = { rv, resource, type, object: { ...object, metadata: meta }, previous };
      const json = encodeJson(written.object);
      if (type === 'DELETED') rows.remove(meta.uid ?? '');
      else rows.put(resource, written.object, json, deps.clock.now());
      bytes = history.add(written, json, deps.clock.now());
      history.forget(deps.clock.now());
      return written;
    });
    hub.publish(change, bytes);
    return change.object;
  };
  return {
    ...rows,
    put: (kind, object, previous) => write(kind, previous === undefined ? 'ADDED' : 'MODIFIED', object, previous),
    remove: (kind, object) => write(kind, 'DELETED', object, object),
    changesAfter: (rv, kind, limit) =>
      hub.changesAfter(rv, resourceName(kind), limit) ?? history.changesAfter(rv, resourceName(kind), limit),
    subscribe: (listener) => hub.subscribe(listener),
    hub,
    close() {
      hub.close();
      if (database.isOpen) database.close();
    },
  };
}

function createRows(database: DatabaseSync) {
  const json = 'SELECT json FROM objects WHERE';
  const one = database.prepare(`${json} resource = ? AND namespace = ? AND name = ?`);
  const byUid = database.prepare(`${json} uid = ?`);
  const all = database.prepare(`${json} resource = ? AND (namespace, name) > (?, ?) ORDER BY namespace, name LIMIT ?`);
  const inNamespace = database.prepare(
    `${json} resource = ? AND namespace = ? AND name > ? ORDER BY namespace, name LIMIT ?`,
  );
  const countAll = database.prepare('SELECT count(*) AS n FROM objects WHERE resource = ?');
  const countIn = database.prepare('SELECT count(*) AS n FROM objects WHERE resource = ? AND namespace = ?');
  const owned = database.prepare(`${json} uid IN (SELECT dependent_uid FROM owners WHERE owner_uid = ?)`);
  const dependents = database.prepare('SELECT DISTINCT dependent_uid AS uid FROM owners');
  const old = database.prepare(`${json} resource = ? AND written_at < ?`);
  const readVersion = database.prepare('SELECT rv FROM counter');
  const nextVersion = database.prepare('UPDATE counter SET rv = rv + 1 RETURNING rv');
  const upsert = database.prepare(`INSERT INTO objects (resource, namespace, name, uid, written_at, json)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (resource, namespace, name)
    DO UPDATE SET uid = excluded.uid, written_at = excluded.written_at, json = excluded.json`);
  const removeOne = database.prepare('DELETE FROM objects WHERE uid = ?');
  const disown = database.prepare('DELETE FROM owners WHERE dependent_uid = ?');
  const own = database.prepare('INSERT OR IGNORE INTO owners (owner_uid, dependent_uid) VALUES (?, ?)');
  return {
    read: (kind: Resource, namespace: string, name: string) => decode(one.get(resourceName(kind), namespace, name)),
    readByUid: (uid: string) => decode(byUid.get(uid)),
    list(kind: Resource, options: StoreListOptions): readonly StoredObject[] {
      const { namespace, after, limit = -1 } = options;
      const resource = resourceName(kind);
      return namespace === undefined
        ? decodeAll(all.all(resource, after?.namespace ?? '', after?.name ?? '', limit))
        : decodeAll(inNamespace.all(resource, namespace, after?.name ?? '', limit));
    },
    count: (kind: Resource, namespace: string | undefined): number =>
      Number(
        (namespace === undefined ? countAll.get(resourceName(kind)) : countIn.get(resourceName(kind), namespace))?.[
          'n'
        ],
      ),
    resourceVersion: (): number => Number(readVersion.get()?.['rv']),
    nextResourceVersion: (): number => Number(nextVersion.get()?.['rv']),
    dependentsOf: (ownerUid: string) => decodeAll(owned.all(ownerUid)),
    dependents: (): readonly string[] => dependents.all().map((row) => String(row['uid'])),
    writtenBefore: (kind: Resource, beforeMs: number) => decodeAll(old.all(resourceName(kind), beforeMs)),
    put(resource: string, { metadata }: StoredObject, text: string, nowMs: number): void {
      const uid = metadata.uid ?? '';
      upsert.run(resource, metadata.namespace ?? '', metadata.name, uid, nowMs, text);
      disown.run(uid);
      for (const owner of metadata.ownerReferences ?? []) own.run(owner.uid, uid);
    },
    remove(uid: string): void {
      removeOne.run(uid);
      disown.run(uid);
    },
  };
}

function decodeAll(rows: readonly Record<string, unknown>[]): readonly StoredObject[] {
  return rows.flatMap((row) => decode(row) ?? []);
}

/** The store reads back what it wrote itself. */
function decode(row: Record<string, unknown> | undefined): StoredObject | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row['json'])) as StoredObject);
}
