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

const never = new AbortController().signal;

async function isSavedAfter(store: AlertStore, ms: number): Promise<boolean> {
  const clock = createFakeClock();
  const saving = storedFirst(store, clock, never).save([]);
  await clock.advance(ms);
  return hasEnded(saving);
}

function hasEnded(saving: Promise<void>): Promise<boolean> {
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

  it.each([-3_600_000, 3_600_000])('waits as long when the system clock is set by %i ms', async (stepMs) => {
    const clock = createFakeClock();
    const saving = storedFirst(storeThatTakesAfter(1000), clock, never).save([]);
    await clock.advance(1000);
    clock.jump(stepMs);
    await clock.advance(10_900);
    expect(await hasEnded(saving)).toBe(false);
    await clock.advance(200);
    expect(await hasEnded(saving)).toBe(true);
  });

  it('waits no more when nothing is told any more', async () => {
    const over = new AbortController();
    const clock = createFakeClock();
    const saving = storedFirst(storeThatTakesAfter(1000), clock, over.signal).save([]);
    await clock.advance(1000);
    over.abort();
    expect(await hasEnded(saving)).toBe(true);
    await storedFirst(storeThatTakesAfter(1000), clock, over.signal).save([]);
  });
});
