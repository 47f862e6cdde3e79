import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { secrets } from './builtin-resources.ts';
import type { StoredObject } from './metadata.ts';
import { createSealedStore, isLocked, LOCKED, SEAL_KEY_BYTES } from './sealed-store.ts';
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

  it('gives Secrets of another key without what they hold, and loses nothing of it when the key comes back', () => {
    const { store, inner } = open();
    store.put(secrets, secret('a'), undefined);
    const replaced = createSealedStore(inner, randomBytes(SEAL_KEY_BYTES));
    const [locked] = replaced.list(secrets, {});
    expect(locked).not.toHaveProperty('data');
    expect(locked?.metadata.annotations).toEqual({ [LOCKED]: expect.stringContaining('secrets.key') });
    expect(replaced.read(secrets, 'default', 'a')).toEqual(locked);
    const labelled = { ...locked, metadata: { ...locked?.metadata, labels: { team: 'ops' } } } as StoredObject;
    expect(replaced.put(secrets, labelled, locked).metadata.labels).toEqual({ team: 'ops' });
    const changes = replaced.changesAfter(1, secrets, 10).changes.map(({ object, previous }) => [object, previous]);
    expect(changes.flat().map((object) => object && isLocked(object))).toEqual([true, undefined, true, true]);
    expect(store.read(secrets, 'default', 'a')).toMatchObject({
      data: { password: VALUE },
      metadata: { labels: { team: 'ops' } },
    });
  });

  it('lets a Secret of another key be replaced as a whole, or deleted, and not be changed', () => {
    const { store, inner } = open();
    for (const name of ['a', 'b']) store.put(secrets, secret(name), undefined);
    const replaced = createSealedStore(inner, randomBytes(SEAL_KEY_BYTES));
    const [a, b] = replaced.list(secrets, {});
    if (a === undefined || b === undefined) throw new Error('two were stored');
    const added = { ...a, data: { more: VALUE } } as StoredObject;
    const unmarked = { ...a, metadata: { ...a.metadata, annotations: {} } } as StoredObject;
    for (const changed of [added, unmarked]) {
      expect(() => replaced.put(secrets, changed, a)).toThrow('secrets "a" cannot be changed');
    }
    replaced.put(secrets, secret('a'), a);
    expect(replaced.read(secrets, 'default', 'a')).toMatchObject({ data: { password: VALUE } });
    replaced.remove(secrets, b);
    expect(replaced.read(secrets, 'default', 'b')).toBeUndefined();
  });

  it('does not take the text of one Secret for another', () => {
    const { store, inner } = open();
    store.put(secrets, secret('a'), undefined);
    const stored = inner.read(secrets, 'default', 'a');
    inner.put(secrets, { ...stored, metadata: secret('b').metadata } as StoredObject, undefined);
    expect(store.read(secrets, 'default', 'b')).toMatchObject({
      metadata: { annotations: { [LOCKED]: expect.any(String) } },
    });
    expect(store.read(secrets, 'default', 'b')).not.toHaveProperty('data');
  });
});
