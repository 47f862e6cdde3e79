/** What a path of the Kubernetes API names; undefined: something else than objects. */
export interface ApiPath {
  /** `core/pods`, `foghorn.dev/alerts`. */
  readonly collection: string;
  readonly namespace: string;
  /** Empty for the collection. */
  readonly name: string;
}

const PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/status)?$/;

export function parsePath(path: string): ApiPath | undefined {
  const { group = 'core', namespace = '', plural, name = '' } = PATH.exec(path)?.groups ?? {};
  return plural === undefined ? undefined : { collection: `${group}/${plural}`, namespace, name };
}

export interface StoredObject {
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Objects of any kind: nothing is checked but the version of an update. */
export interface Objects {
  list(path: ApiPath): readonly StoredObject[];
  get(path: ApiPath): StoredObject | undefined;
  /** Undefined: it has changed since it was read. */
  put(path: ApiPath, body: StoredObject): StoredObject | undefined;
  delete(path: ApiPath): StoredObject | undefined;
}

/**
 * @param nextVersion a greater number with each call
 * @param complete fills in what a kind's schema has as defaults
 */
export function createObjects(
  nextVersion: () => number,
  complete: (collection: string, object: StoredObject) => StoredObject,
): Objects {
  const objects = new Map<string, Map<string, StoredObject>>();
  const within = ({ collection }: ApiPath): Map<string, StoredObject> => {
    const found = objects.get(collection) ?? new Map<string, StoredObject>();
    objects.set(collection, found);
    return found;
  };
  return {
    list: (path) => [...within(path).values()],
    get: (path) => within(path).get(keyOf(path)),
    put(path, body) {
      const present = within(path).get(keyOf(path));
      const version = nextVersion();
      const wanted = body.metadata['resourceVersion'];
      if (wanted !== undefined && wanted !== present?.metadata['resourceVersion']) return undefined;
      const uid = present?.metadata['uid'] ?? `uid-${version}`;
      const namespace = path.namespace === '' ? {} : { namespace: path.namespace };
      const metadata = { ...body.metadata, ...namespace, name: path.name, uid, resourceVersion: String(version) };
      const stored = complete(path.collection, { ...body, metadata });
      within(path).set(keyOf(path), stored);
      return stored;
    },
    delete(path) {
      const present = within(path).get(keyOf(path));
      within(path).delete(keyOf(path));
      return present;
    },
  };
}

function keyOf({ namespace, name }: ApiPath): string {
  return `${namespace}/${name}`;
}
