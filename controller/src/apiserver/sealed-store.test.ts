import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { secrets } from './builtin-resources.ts';
import type { StoredObject } from './metadata.ts';
import { createSealedStore, SEAL_KEY_BYTES } from './sealed-store.ts';
import { openTestStore } from './test-store.ts';

const VALUE = Buffer.from('do-not-tell-anybody').toString('base64');

function secret(name: string): StoredObject {
  const metadata = { name, namespace: 'default', uid: `uid-of-${name}`, annotations: { note: VALUE } };
  return { apiVersion: 'v1', kind: 'Secret', metadata, data: { password: VALUE } } as StoredObject;
}

function open() {
  const opened = openTestStore();
  const key = randomBytes(SEAL_KEY_BYTES);
  return { ...opened, inner: opened.store, key, store: createSealedStore(opened.store, key) };
}

describe('a store of secrets', () => {
  it('gives back what it was given', () => {
    const { store } = open();
    const put = store.put(secrets, secret('a'), undefined);
    expect(put).toMatchObject({ data: { password: VALUE }, metadata: { annotations: { note: VALUE } } });
    expect(store.read(secrets, 'default', 'a')).toEqual(put);
    expect(store.list(secrets, {})).toEqual([put]);
    expect(store.changesAfter(1, secrets, 10).changes[0]?.object).toEqual(put);
    expect(JSON.stringify(put)).not.toContain('sealed');
  });

  it('keeps nothing of it readable in the file, nor in the history', () => {
    const { store, file } = open();
    store.put(secrets, secret('a'), store.put(secrets, secret('a'), undefined));
    store.remove(secrets, secret('a'));
    store.put(secrets, secret('b'), undefined);
    const bytes = Buffer.concat([file, `${file}-wal`].map((name) => readFileSync(name)));
    expect(bytes.includes('uid-of-b')).toBe(true);
    expect(bytes.includes(VALUE)).toBe(false);
    expect(bytes.includes('do-not-tell')).toBe(false);
  });

  it('says that the key is not the one, and does not take the text of one secret for another', () => {
    const { store, inner } = open();
    store.put(secrets, secret('a'), undefined);
    expect(() => createSealedStore(inner, randomBytes(SEAL_KEY_BYTES)).read(secrets, 'default', 'a')).toThrow(
      'secrets "a" cannot be decrypted',
    );
    const stored = inner.read(secrets, 'default', 'a');
    const moved = { ...stored, metadata: secret('b').metadata } as StoredObject;
    inner.put(secrets, moved, undefined);
    expect(() => store.read(secrets, 'default', 'b')).toThrow('cannot be decrypted');
  });
});
