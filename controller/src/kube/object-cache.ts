import type { KubeObject, WatchEvent } from './client.ts';

/** Objects by `namespace/name`. */
export interface ObjectCache {
  get(key: string): KubeObject | undefined;
  /** In order of key. */
  list(): readonly KubeObject[];
  /**
   * Makes the cache hold exactly these. Gives back in how much it differed from them, apart from what is newer than the
   * version `seen`: that a watch had no time to tell.
   */
  replace(objects: readonly KubeObject[], seen?: string): number;
  /** Gives back the version that the event brings. */
  apply(event: WatchEvent): string | undefined;
}

/** `onChange` hears of every object that is new, another version, or gone; then with what it was last. */
export function createObjectCache(onChange: (key: string, object: KubeObject) => void): ObjectCache {
  const objects = new Map<string, KubeObject>();
  const keep = (object: KubeObject): boolean => {
    const key = keyOf(object);
    const before = objects.get(key);
    objects.set(key, object);
    const isNews = before === undefined || !isSameVersion(before, object);
    if (isNews) onChange(key, object);
    return isNews;
  };
  const drop = (key: string, last: KubeObject): void => {
    if (objects.delete(key)) onChange(key, last);
  };
  return {
    get: (key) => objects.get(key),
    list: () => [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object),
    replace(listed, seen) {
      const keys = new Set(listed.map(keyOf));
      const gone = [...objects].filter(([key]) => !keys.has(key));
      for (const [key, object] of gone) drop(key, object);
      const news = listed.filter(keep);
      return gone.length + news.filter((object) => !isNewer(object, seen)).length;
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

/** Versions of one kind are integers that grow: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions. */
function isNewer({ metadata }: KubeObject, seen: string | undefined): boolean {
  const { resourceVersion = '' } = metadata;
  if (seen === undefined || !/^\d+$/.test(seen) || !/^\d+$/.test(resourceVersion)) return false;
  return BigInt(resourceVersion) > BigInt(seen);
}
