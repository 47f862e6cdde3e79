import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';
import { openStore, type Store } from './store.ts';

export interface TestStore {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly file: string;
}

/** For tests: a store in a new folder. */
export function openTestStore(): TestStore {
  const clock = createFakeClock();
  const file = join(mkdtempSync(join(tmpdir(), 'foghorn-store-')), 'objects.db');
  return { store: openStore({ file, clock }), clock, file };
}
