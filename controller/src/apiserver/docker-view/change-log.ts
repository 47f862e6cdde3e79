import type { Clock } from '../../clock.ts';
import type { KubeObject, Resource } from '../../kube/client.ts';
import { expired, resourceName } from '../../kube/status.ts';
import type { Change } from '../history.ts';

/** Changes that a watch can go on from. */
const MAX_CHANGES = 1000;
/** A list younger than this is given again: many readers at a time cost one look at the host's containers. */
const FRESH_MS = 200;

/** What is listed now and how it came to be, told from one look to the next. */
export interface ChangeLog {
  /** The objects of now, each with the version of its last change. */
  list(): { readonly resourceVersion: string; readonly items: readonly KubeObject[] };
  /** Changes after the version, oldest first. Throws Gone when they are not known any more. */
  changesAfter(version: number): readonly Change[];
}

interface Known {
  readonly object: KubeObject;
  /** The object without its version, to see whether it changed. */
  readonly text: string;
}

/**
 * Gives versions to objects that nobody stores. They rise from the time of the start, so that those of an earlier
 * process are too old and not mistaken.
 * @param read the objects of now, without versions; their namespace and name are unique
 */
export function createChangeLog(deps: {
  readonly resource: Resource;
  readonly read: () => readonly KubeObject[];
  readonly clock: Clock;
}): ChangeLog {
  const { read, clock } = deps;
  const resource = resourceName(deps.resource);
  let version = clock.now();
  /** Changes up to here are forgotten. */
  let forgotten = version;
  let known: ReadonlyMap<string, Known> = new Map();
  let changes: readonly Change[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;

  function next(type: Change['type'], object: KubeObject, previous: KubeObject | undefined): Change {
    version += 1;
    return { rv: version, resource, type, object: type === 'DELETED' ? object : versioned(object, version), previous };
  }

  function look(): void {
    const now = clock.now();
    if (now >= lookedAt && now - lookedAt < FRESH_MS) return;
    lookedAt = now;
    const found = new Map(read().map((object) => [keyOf(object), { object, text: JSON.stringify(object) }]));
    const gone = [...known].filter(([key]) => !found.has(key)).map(([, { object }]) => next('DELETED', object, object));
    const written = [...found].flatMap(([key, { object, text }]) => {
      const before = known.get(key);
      if (before?.text === text) return [];
      return [next(before === undefined ? 'ADDED' : 'MODIFIED', object, before?.object)];
    });
    const byKey = new Map(written.map((change) => [keyOf(change.object), change.object]));
    known = new Map(
      [...found].map(([key, { object, text }]) => [
        key,
        { text, object: byKey.get(key) ?? known.get(key)?.object ?? object },
      ]),
    );
    const all = [...changes, ...gone, ...written];
    changes = all.slice(-MAX_CHANGES);
    forgotten = all.at(-MAX_CHANGES - 1)?.rv ?? forgotten;
  }

  return {
    list() {
      look();
      return { resourceVersion: String(version), items: [...known.values()].map(({ object }) => object) };
    },
    changesAfter(after) {
      look();
      if (after < forgotten) throw expired(`too old resource version: ${after} (${forgotten})`);
      return changes.filter(({ rv }) => rv > after);
    },
  };
}

function versioned(object: KubeObject, version: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
