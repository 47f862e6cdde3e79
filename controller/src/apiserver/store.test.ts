import { cpSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { isFoghornError } from '../errors.ts';
import { alerts, silences } from '../kube/client.ts';
import type { StoredObject } from './metadata.ts';
import { openStore, type Store } from './store.ts';
import { openTestStore } from './test-store.ts';

const opened: Store[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

function open(file: string): Store {
  const store = openStore({ file, clock: createFakeClock() });
  opened.push(store);
  return store;
}

function object(name: string, value: string): StoredObject {
  const metadata = { name, namespace: 'default', uid: `uid-${name}` };
  return { apiVersion: 'foghorn.dev/v1alpha1', kind: 'Silence', metadata, spec: { comment: value } };
}

function newFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'foghorn-store-')), 'objects.db');
}

describe('opening', () => {
  it('refuses a second controller on the same file, saying what to do', () => {
    const file = newFile();
    open(file);
    const fault = thrownBy(() => open(file));
    expect(isFoghornError(fault, 'AlreadyRunning')).toBe(true);
    expect((fault as Error).message).toBe(
      `another controller is using ${file}: stop it, or give this one its own DATA_DIR`,
    );
  });

  it('takes the file over once the first has closed it', () => {
    const file = newFile();
    const first = open(file);
    first.put(silences, object('a', '1'), undefined);
    first.close();
    expect(open(file).read(silences, 'default', 'a')?.spec).toEqual({ comment: '1' });
  });

  it('says of a damaged file that it is', () => {
    const file = newFile();
    writeFileSync(file, 'not a database'.repeat(1000));
    const fault = thrownBy(() => open(file));
    expect(isFoghornError(fault, 'InvalidConfig')).toBe(true);
    expect((fault as Error).message).toContain('it is damaged: move it away and start again');
  });

  it('refuses a file of a newer version', () => {
    const file = newFile();
    open(file).close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(
      isFoghornError(
        thrownBy(() => open(file)),
        'InvalidConfig',
      ),
    ).toBe(true);
  });

  it('says of a folder that cannot be made what to check', () => {
    const file = newFile();
    writeFileSync(file, 'a file where a folder should be');
    const fault = thrownBy(() => open(join(file, 'objects.db')));
    expect((fault as Error).message).toContain('check DATA_DIR, its owner and the disk');
  });
});

describe('versions', () => {
  it('are one rising number over all kinds, never 0', () => {
    const store = open(newFile());
    expect(store.resourceVersion()).toBe(1);
    const versions = ['a', 'b'].flatMap((name) => [
      store.put(silences, object(name, '1'), undefined),
      store.put(alerts, { ...object(`x${name}`, '1'), kind: 'Alert' }, undefined),
    ]);
    expect(versions.map((written) => written.metadata.resourceVersion)).toEqual(['2', '3', '4', '5']);
    expect(store.remove(silences, versions[0]!).metadata.resourceVersion).toBe('6');
  });
});

describe('history', () => {
  it('forgets the oldest changes past its bound, and says Gone to who asks for them', async () => {
    const store = open(newFile());
    let last = store.put(silences, object('a', '0'), undefined);
    for (let count = 1; count <= 10_200; count += 1) last = store.put(silences, object('a', String(count)), last);
    expect(
      isFoghornError(
        thrownBy(() => store.changesAfter(2, silences, 10)),
        'Gone',
      ),
    ).toBe(true);
    const page = store.changesAfter(store.resourceVersion() - 9_000, silences, 5);
    expect(page.changes).toHaveLength(5);
    expect(store.changesAfter(store.resourceVersion() - 10, silences, 100).changes).toHaveLength(10);
  });

  it('forgets changes past their age', async () => {
    const { store, clock } = openTestStore();
    opened.push(store);
    let last = store.put(silences, object('a', '0'), undefined);
    await clock.advance(2 * 60 * 60 * 1000);
    for (let count = 1; count <= 1_200; count += 1) last = store.put(silences, object('a', String(count)), last);
    expect(
      isFoghornError(
        thrownBy(() => store.changesAfter(1, silences, 10)),
        'Gone',
      ),
    ).toBe(true);
  });

  it('gives pages from file and memory alike', () => {
    const store = open(newFile());
    let last = store.put(silences, object('a', '0'), undefined);
    for (let count = 1; count <= 1_500; count += 1) last = store.put(silences, object('a', String(count)), last);
    const seen: number[] = [];
    let cursor = 1;
    while (cursor < store.resourceVersion()) {
      const page = store.changesAfter(cursor, silences, 100);
      seen.push(...page.changes.map((change) => change.rv));
      cursor = page.resourceVersion;
    }
    expect(seen).toEqual(Array.from({ length: 1_501 }, (_, index) => index + 2));
  });

  it('skips changes of other kinds, yet moves on past them', () => {
    const store = open(newFile());
    store.put(silences, object('a', '0'), undefined);
    store.put(alerts, { ...object('b', '0'), kind: 'Alert' }, undefined);
    expect(store.changesAfter(1, alerts, 10)).toMatchObject({
      resourceVersion: 3,
      changes: [{ rv: 3, type: 'ADDED' }],
    });
    expect(store.changesAfter(2, silences, 10)).toEqual({ resourceVersion: 3, changes: [] });
  });
});

type Step =
  | { readonly kind: 'write' | 'remove'; readonly name: string; readonly value: string }
  | { readonly kind: 'kill' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('write' as const, 'remove' as const),
      name: fc.constantFrom('a', 'b', 'c'),
      value: fc.string({ maxLength: 200 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'kill' as const }) },
);

describe('a process killed at any point', () => {
  it('loses no acknowledged write, and versions only rise', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let file = newFile();
        let store = open(file);
        const acknowledged = new Map<string, StoredObject>();
        let version = store.resourceVersion();
        const started = version;
        for (const one of steps) {
          if (one.kind === 'kill') {
            file = copyAsLeftBehind(file);
            store = open(file);
          } else apply(store, acknowledged, one);
          expect(store.list(silences, {})).toEqual([...acknowledged.values()].sort(byName));
          expect(store.resourceVersion()).toBeGreaterThanOrEqual(version);
          version = store.resourceVersion();
        }
        // every version since the start is in the history once: a watcher resumes without a gap
        expect(store.changesAfter(started, silences, 1000).changes.map((change) => change.rv)).toEqual(
          Array.from({ length: version - started }, (_, index) => started + 1 + index),
        );
      }),
      { numRuns: 60 },
    );
  });
});

function apply(store: Store, acknowledged: Map<string, StoredObject>, one: Exclude<Step, { kind: 'kill' }>): void {
  const before = store.read(silences, 'default', one.name);
  if (one.kind === 'write') acknowledged.set(one.name, store.put(silences, object(one.name, one.value), before));
  else if (before !== undefined) {
    store.remove(silences, before);
    acknowledged.delete(one.name);
  }
}

/** What the disk holds when the process dies: the files without the closing. */
function copyAsLeftBehind(file: string): string {
  const copy = newFile();
  for (const end of ['', '-wal', '-shm']) if (existsSync(file + end)) cpSync(file + end, copy + end);
  return copy;
}

function byName(a: StoredObject, b: StoredObject): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}
