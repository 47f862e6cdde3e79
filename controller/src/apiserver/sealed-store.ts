import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { secrets } from './builtin-resources.ts';
import { isRecord, type JsonRecord } from './json.ts';
import { unavailable } from '../kube/status.ts';
import type { Change } from './history.ts';
import type { StoredObject } from './metadata.ts';
import type { Store } from './store.ts';

export const SEAL_KEY_BYTES = 32;
/** As NIST SP 800-38D advises for GCM. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The store, with what Secrets hold encrypted (AES-256-GCM) wherever it keeps them: data, and annotations, in which
 * kubectl writes the data once more. Names, labels and the names of the keys stay readable.
 */
export function createSealedStore(store: Store, key: Uint8Array): Store {
  const open = (object: StoredObject): StoredObject => (isSecret(object) ? unseal(object, key) : object);
  const seal = (object: StoredObject): StoredObject => (isSecret(object) ? sealed(object, key) : object);
  const openOne = (object: StoredObject | undefined) => (object === undefined ? undefined : open(object));
  const openChange = (change: Change): Change => ({
    ...change,
    object: open(change.object),
    previous: openOne(change.previous),
  });
  return {
    ...store,
    read: (resource, namespace, name) => openOne(store.read(resource, namespace, name)),
    readByUid: (uid) => openOne(store.readByUid(uid)),
    list: (resource, options) => store.list(resource, options).map(open),
    put: (resource, object, previous) =>
      open(store.put(resource, seal(object), previous === undefined ? undefined : seal(previous))),
    remove: (resource, object) => open(store.remove(resource, seal(object))),
    dependentsOf: (ownerUid) => store.dependentsOf(ownerUid).map(open),
    writtenBefore: (resource, beforeMs) => store.writtenBefore(resource, beforeMs).map(open),
    changesAfter(resourceVersion, resource, limit) {
      const page = store.changesAfter(resourceVersion, resource, limit);
      return resource.plural === secrets.plural ? { ...page, changes: page.changes.map(openChange) } : page;
    },
    subscribe: (listener) =>
      store.subscribe((change) => listener(isSecret(change.object) ? openChange(change) : change)),
  };
}

type Sealable = StoredObject & { readonly data?: unknown; readonly sealed?: unknown };

function isSecret(object: StoredObject): object is Sealable {
  return object.kind === secrets.kind && object.apiVersion === secrets.version;
}

function sealed(object: Sealable, key: Uint8Array): StoredObject {
  const { data, ...rest } = object;
  const { annotations, ...metadata } = object.metadata;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(placeOf(object));
  const text = Buffer.concat([cipher.update(JSON.stringify({ data, annotations }), 'utf8'), cipher.final()]);
  const whole = Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
  return { ...rest, metadata, sealed: whole } as StoredObject;
}

function unseal(object: Sealable, key: Uint8Array): StoredObject {
  const { sealed: text, ...rest } = object;
  if (typeof text !== 'string') return object;
  const { data, annotations } = decrypted(Buffer.from(text, 'base64'), key, object);
  const metadata = annotations === undefined ? object.metadata : { ...object.metadata, annotations };
  // it was sealed by the function above
  return { ...rest, metadata, ...(data === undefined ? {} : { data }) } as StoredObject;
}

function decrypted(bytes: Buffer, key: Uint8Array, object: StoredObject): JsonRecord {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES)).setAAD(placeOf(object));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    const found: unknown = JSON.parse(text.toString('utf8'));
    return isRecord(found) ? found : {};
  } catch {
    throw unavailable(
      `secrets "${object.metadata.name}" cannot be decrypted: was secrets.key replaced? Delete the secret, or put the key back`,
    );
  }
}

/** Binds the text to its object, so that one cannot be put in the place of another. */
function placeOf({ metadata }: StoredObject): Buffer {
  return Buffer.from(JSON.stringify([metadata.namespace, metadata.name, metadata.uid]));
}
