import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
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

/** On a Secret of another key, in the place of all that cannot be read. */
export const LOCKED = 'foghorn.dev/locked';
const LOCKED_WHY = 'it cannot be decrypted: was secrets.key replaced? Put the key back, or delete the secret';

/**
 * The store, with what Secrets hold encrypted (AES-256-GCM) wherever it keeps them: data, and annotations, in which
 * kubectl writes the data once more. Names, labels and the names of the keys stay readable. A Secret of another key is
 * given without what it holds, and says so; it keeps that, and can be labelled, deleted, and replaced as a whole.
 */
export function createSealedStore(store: Store, key: Uint8Array): Store {
  const open = (object: StoredObject): StoredObject => (isSecret(object) ? unseal(object, key) : object);
  const openOne = (object: StoredObject | undefined) => (object === undefined ? undefined : open(object));
  const openChange = (change: Change): Change => ({
    ...change,
    object: open(change.object),
    previous: openOne(change.previous),
  });
  /** The text of a Secret that was given out locked. */
  const keptText = (object: StoredObject): string | undefined => {
    const { namespace = '', name } = object.metadata;
    const stored = isLocked(object) ? store.read(secrets, namespace, name) : undefined;
    const text = stored !== undefined && isSecret(stored) ? textOf(stored) : undefined;
    return text !== undefined && decrypted(text, key, object) === undefined ? text : undefined;
  };
  const seal = (object: StoredObject): StoredObject => {
    if (!isSecret(object)) return object;
    const kept = keptText(object);
    return kept === undefined ? sealed(object, key) : withText(object, kept);
  };
  /** Throws Unavailable for a change of what cannot be read. */
  const sealNext = (object: StoredObject, previous: StoredObject | undefined): StoredObject => {
    const kept = previous === undefined || !isSecret(previous) ? undefined : keptText(previous);
    if (kept === undefined || !isSecret(object)) return seal(object);
    const { annotations } = object.metadata;
    const isKept = object.data === undefined && isDeepStrictEqual(annotations, previous?.metadata.annotations);
    if (isKept) return withText(object, kept);
    if (object.data !== undefined && !isLocked(object)) return sealed(object, key);
    throw unavailable(`secrets "${object.metadata.name}" cannot be changed: ${LOCKED_WHY}`);
  };
  return {
    ...store,
    read: (resource, namespace, name) => openOne(store.read(resource, namespace, name)),
    readByUid: (uid) => openOne(store.readByUid(uid)),
    list: (resource, options) => store.list(resource, options).map(open),
    put: (resource, object, previous) =>
      open(store.put(resource, sealNext(object, previous), previous === undefined ? undefined : seal(previous))),
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

/** Whether it was given without what it holds. */
export function isLocked({ metadata }: StoredObject): boolean {
  return metadata.annotations?.[LOCKED] === LOCKED_WHY;
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

function textOf({ sealed: text }: Sealable): string | undefined {
  return typeof text === 'string' ? text : undefined;
}

/** Sealed as it was, whatever has changed around it. */
function withText(object: Sealable, text: string): StoredObject {
  const { data: _data, ...rest } = object;
  const { annotations: _annotations, ...metadata } = object.metadata;
  return { ...rest, metadata, sealed: text } as StoredObject;
}

function unseal(object: Sealable, key: Uint8Array): StoredObject {
  const { sealed: _sealed, ...rest } = object;
  const text = textOf(object);
  if (text === undefined) return object;
  const opened = decrypted(text, key, object);
  const { data, annotations } = opened ?? { annotations: { [LOCKED]: LOCKED_WHY } };
  const metadata = annotations === undefined ? object.metadata : { ...object.metadata, annotations };
  // it was sealed by the function above
  return { ...rest, metadata, ...(data === undefined ? {} : { data }) } as StoredObject;
}

/** Undefined when it was sealed with another key, or for another object. */
function decrypted(sealedText: string, key: Uint8Array, object: StoredObject): JsonRecord | undefined {
  const bytes = Buffer.from(sealedText, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES)).setAAD(placeOf(object));
  let text: Buffer;
  try {
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
  const found: unknown = JSON.parse(text.toString('utf8'));
  return isRecord(found) ? found : {};
}

/** Binds the text to its object, so that one cannot be put in the place of another. */
function placeOf({ metadata }: StoredObject): Buffer {
  return Buffer.from(JSON.stringify([metadata.namespace, metadata.name, metadata.uid]));
}
