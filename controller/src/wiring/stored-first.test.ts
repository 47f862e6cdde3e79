import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import type { AlertStore } from '../reconcile/alert-store.ts';
import { storedFirst } from './stored-first.ts';

function storeThatTakesAfter(flushes: number): AlertStore {
  let left = flushes;
  return {
    load: async () => [],
    save: async () => undefined,
    async flush() {
      left -= 1;
    },
    remove: async () => undefined,
    waiting: () => Math.max(0, left),
  };
}

async function isSavedAfter(store: AlertStore, ms: number): Promise<boolean> {
  const clock = createFakeClock();
  const saving = storedFirst(store, clock).save([]);
  await clock.advance(ms);
  const notYet = new Promise<false>((resolve) => setImmediate(resolve, false));
  return Promise.race([saving.then(() => true), notYet]);
}

describe('what a leader tells', () => {
  it('is stored before', async () => {
    expect(await isSavedAfter(storeThatTakesAfter(0), 0)).toBe(true);
  });

  it('waits while it cannot be stored', async () => {
    expect(await isSavedAfter(storeThatTakesAfter(4), 1900)).toBe(false);
    expect(await isSavedAfter(storeThatTakesAfter(4), 2000)).toBe(true);
  });

  it('waits no longer than anybody leads who cannot store', async () => {
    expect(await isSavedAfter(storeThatTakesAfter(1000), 11_900)).toBe(false);
    expect(await isSavedAfter(storeThatTakesAfter(1000), 12_100)).toBe(true);
  });
});
