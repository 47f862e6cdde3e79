import type { KubeObject, WatchEvent } from './client.ts';

/** Objects by `namespace/name`. */
export interface ObjectCache {
  get(key: string): KubeObject | undefined;
  /** In order of key. */
  list(): readonly KubeObject[];
  /** Makes the cache hold exactly these. */
  replace(objects: readonly KubeObject[]): void;
  /** Gives back the version that the event brings. */
  apply(event: WatchEvent): string | undefined;
}

/** `onChange` hears of every object that is new, another version, or gone; then with what it was last. */
export function createObjectCache(onChange: (key: string, object: KubeObject) => void): ObjectCache {
  const objects = new Map<string, KubeObject>();
  const keep = (object: KubeObject): void => {
    const key = keyOf(object);
    const before = objects.get(key);
    objects.set(key, object);
    if (before === undefined || !isSameVersion(before, object)) onChange(key, object);
  };
  const drop = (key: string, last: KubeObject): void => {
    if (objects.delete(key)) onChange(key, last);
  };
  return {
    get: (key) => objects.get(key),
    list: () => [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object),
    replace(listed) {
      const keys = new Set(listed.map(keyOf));
      for (const [key, object] of objects) if (!keys.has(key)) drop(key, object);
      for (const object of listed) keep(object);
    },
    apply(event) {
      if (event.type === 'BOOKMARK') return event.resourceVersion;
      if (event.type === 'DELETED') drop(keyOf(event.object), event.object);
      else keep(event.object);
      return event.object.metadata.resourceVersion;
    },
  };
}

/** `namespace/name`. */
export function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function isSameVersion(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.resourceVersion === b.metadata.resourceVersion && a.metadata.uid === b.metadata.uid;
}
