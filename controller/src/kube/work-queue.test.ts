import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FoghornError } from '../errors.ts';
import { createFakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import { createKeySets } from './key-sets.ts';
import { backoffMs, createWorkQueue, PASS_TIMEOUT_MS, type Reconcile } from './work-queue.ts';

function queueOf(reconcile: Reconcile, concurrency = 1) {
  const clock = createFakeClock();
  const queue = createWorkQueue({ name: 'test', reconcile, clock, log: createSilentLog(), concurrency });
  return { clock, queue };
}

/** A pass that ends when the test says so. */
function heldPasses() {
  const open: { readonly key: string; readonly end: () => void }[] = [];
  const started: string[] = [];
  const reconcile: Reconcile = (key) => {
    started.push(key);
    return new Promise<void>((resolve) => open.push({ key, end: resolve }));
  };
  return { open, started, reconcile };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('work queue', () => {
  it('runs a key once however often it is added while it waits', async () => {
    const { open, started, reconcile } = heldPasses();
    const { queue } = queueOf(reconcile);
    queue.add('first');
    for (let count = 0; count < 5; count += 1) queue.add('a');
    expect(queue.depth()).toBe(1);
    open[0]?.end();
    await turn();
    open[1]?.end();
    await queue.idle();
    expect(started).toEqual(['first', 'a']);
  });

  it('runs a key again, not at once, when it is added while it runs', async () => {
    const { open, started, reconcile } = heldPasses();
    const { queue } = queueOf(reconcile, 4);
    queue.add('a');
    queue.add('a');
    queue.add('a');
    await turn();
    expect(started).toEqual(['a']);
    open[0]?.end();
    await turn();
    expect(started).toEqual(['a', 'a']);
    open[1]?.end();
    await queue.idle();
    expect(started).toEqual(['a', 'a']);
  });

  it('cuts a pass short that takes too long, and tries its key again', async () => {
    const started: number[] = [];
    const { clock, queue } = queueOf((_key, signal) => {
      started.push(clock.now());
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    queue.add('a');
    await clock.advance(PASS_TIMEOUT_MS + 1000);
    expect(started.length).toBe(2);
    const stopped = queue.stop(0);
    await clock.advance(0);
    await stopped;
  });

  it('lets no other key wait for a pass that ignores its end, and does not run that key twice at once', async () => {
    const { open, started, reconcile } = heldPasses();
    const { clock, queue } = queueOf(reconcile);
    for (const key of ['hung', 'b', 'hung']) queue.add(key);
    await clock.advance(PASS_TIMEOUT_MS - 1);
    expect(started).toEqual(['hung']);
    await clock.advance(1);
    expect(started).toEqual(['hung', 'b']);
    open[1]?.end();
    await turn();
    expect(started).toEqual(['hung', 'b']);
    open[0]?.end();
    await turn();
    expect(started).toEqual(['hung', 'b', 'hung']);
    open[2]?.end();
    await queue.idle();
  });

  it('runs no more keys at a time than it may', async () => {
    const { open, reconcile } = heldPasses();
    const { queue } = queueOf(reconcile, 2);
    for (const key of ['a', 'b', 'c']) queue.add(key);
    expect(open.map((pass) => pass.key)).toEqual(['a', 'b']);
    open[0]?.end();
    await turn();
    expect(open.map((pass) => pass.key)).toEqual(['a', 'b', 'c']);
  });

  it('tries a failed key again after 5 ms, 10 ms, 20 ms, and forgets the failures when it succeeds', async () => {
    const times: number[] = [];
    const { clock, queue } = queueOf(async () => {
      times.push(clock.now());
      if (times.length < 4) throw new Error('not yet');
    });
    queue.add('a');
    await clock.advance(1000);
    expect(times.map((time) => time - times[0]!)).toEqual([0, 5, 15, 35]);
    queue.add('a');
    await clock.advance(1000);
    expect(times).toHaveLength(5);
  });

  it('does not try a terminal failure again', async () => {
    let passes = 0;
    const { clock, queue } = queueOf(async () => {
      passes += 1;
      throw new FoghornError('Terminal', 'spec is wrong');
    });
    queue.add('a');
    await clock.advance(10_000_000);
    expect(passes).toBe(1);
  });

  it('comes back to a key when its pass asks for it', async () => {
    let passes = 0;
    const { clock, queue } = queueOf(async () => {
      passes += 1;
      return passes < 3 ? { requeueAfterMs: 1000 } : undefined;
    });
    queue.add('a');
    await clock.advance(999);
    expect(passes).toBe(1);
    await clock.advance(5000);
    expect(passes).toBe(3);
  });

  it('takes the earliest of several delays of a key', async () => {
    const times: number[] = [];
    const { clock, queue } = queueOf(async () => {
      times.push(clock.now());
    });
    const start = clock.now();
    for (const delayMs of [500, 100, 300]) queue.addAfter('a', delayMs);
    await clock.advance(1000);
    expect(times).toEqual([start + 100]);
  });

  it('stops: lets running passes end, starts none, and aborts those that do not end in time', async () => {
    const seen: string[] = [];
    const { clock, queue } = queueOf(async (key, signal) => {
      seen.push(key);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      seen.push(`${key} aborted`);
    });
    queue.add('a');
    queue.add('b');
    const stopped = queue.stop(1000);
    await clock.advance(1001);
    await stopped;
    await queue.stop();
    await turn();
    queue.add('c');
    expect(seen).toEqual(['a', 'a aborted']);
  });
});

describe('backoffMs', () => {
  it.each([
    [0, 5],
    [1, 10],
    [10, 5120],
    [17, 655_360],
    [18, 1_000_000],
    [5000, 1_000_000],
  ])('after %i failures waits %i ms', (failures, expected) => {
    expect(backoffMs(failures)).toBe(expected);
  });
});

describe('under any interleaving', () => {
  const op = fc.oneof(
    fc.record({ op: fc.constant('add' as const), key: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ op: fc.constant('take' as const) }),
    fc.record({ op: fc.constant('done' as const), key: fc.constantFrom('a', 'b', 'c') }),
  );

  it('key sets never give out a key that runs, and lose none that was added', () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 60 }), (ops) => {
        const keys = createKeySets();
        const running = new Set<string>();
        const owed = new Set<string>();
        const twice: string[] = [];
        const take = (): void => {
          const key = keys.take();
          if (key === undefined) return;
          if (running.has(key)) twice.push(key);
          running.add(key);
          owed.delete(key);
        };
        for (const one of ops) {
          if (one.op === 'add') {
            keys.add(one.key);
            owed.add(one.key);
          } else if (one.op === 'take') take();
          else if (running.delete(one.key)) keys.done(one.key);
        }
        expect(twice).toEqual([]);
        for (const key of running) keys.done(key);
        const rest: string[] = [];
        for (let key = keys.take(); key !== undefined; key = keys.take()) rest.push(key);
        expect(rest.sort()).toEqual([...owed].sort());
      }),
    );
  });

  it('every key that is added has a pass that begins afterwards, one at a time, and failures are made good', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 }),
        fc.array(fc.boolean(), { maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        async (s, adds, fails, concurrency) => {
          const running = new Set<string>();
          const wanted = new Map<string, number>();
          const seen = new Map<string, number>();
          let version = 0;
          let most = 0;
          let pass = 0;
          const { clock, queue } = queueOf(async (key) => {
            expect(running.has(key)).toBe(false);
            running.add(key);
            most = Math.max(most, running.size);
            const began = wanted.get(key) ?? 0;
            await s.schedule(Promise.resolve(), `pass over ${key}`);
            running.delete(key);
            if (fails[pass++] === true) throw new Error('failed');
            seen.set(key, began);
          }, concurrency);
          const producer = s.scheduleSequence(
            adds.map((key) => async () => {
              version += 1;
              wanted.set(key, version);
              queue.add(key);
            }),
          );
          while (s.count() > 0 || !producer.done) await s.waitNext(1);
          for (let round = 0; round < 30; round += 1) {
            await clock.advance(100_000);
            while (s.count() > 0) await s.waitNext(1);
          }
          await queue.idle();
          expect(most).toBeLessThanOrEqual(concurrency);
          expect(seen).toEqual(wanted);
          await queue.stop(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
