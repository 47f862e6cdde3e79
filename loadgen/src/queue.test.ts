import { describe, expect, it } from 'vitest';
import type { FailureKind } from './failure.ts';
import { createPlan } from './plan.ts';
import { createQueue, type Queue, type RequestResult } from './queue.ts';
import type { Ended } from './request.ts';

interface Sent {
  readonly endpoint: number;
  answer(atMs: number, ended?: Ended): void;
}

interface Stage {
  readonly queue: Queue;
  readonly sent: Sent[];
  readonly results: RequestResult[];
  readonly failed: FailureKind[];
}

/** Ten requests a second for ten seconds: due at 50 ms, 150 ms, 250 ms ... */
function stage({ concurrency = 2, timeoutMs = 1_000 } = {}): Stage {
  const sent: Sent[] = [];
  const results: RequestResult[] = [];
  const failed: FailureKind[] = [];
  const queue = createQueue({
    plan: createPlan([{ durationMs: 10_000, ratePerSecond: 10, shape: 'constant' }]),
    concurrency,
    timeoutMs,
    pick: () => 0,
    onResult: (result) => results.push(result),
    send: (endpoint, onEnd) => {
      sent.push({ endpoint, answer: (atMs, ended = { status: 200, bytes: 5 }) => onEnd(ended, atMs) });
      return { fail: (kind) => failed.push(kind) };
    },
  });
  return { queue, sent, results, failed };
}

describe('createQueue', () => {
  it('sends each request when it is due', () => {
    const { queue, sent, results } = stage();
    queue.advance(49);
    expect(sent).toHaveLength(0);
    queue.advance(51);
    expect(sent).toHaveLength(1);
    sent[0]?.answer(71);
    expect(results).toEqual([
      { endpoint: 0, dueAtMs: 50, sentAtMs: 51, endedAtMs: 71, isLate: false, status: 200, bytes: 5 },
    ]);
  });

  it('catches up in one batch when it wakes late', () => {
    const { queue, sent } = stage({ concurrency: 10 });
    queue.advance(460);
    expect(sent).toHaveLength(5);
  });

  it('never has more in flight than there are connections, and sends the waiting one as soon as one is free', () => {
    const { queue, sent, results } = stage();
    queue.advance(260);
    expect([sent.length, queue.inFlight()]).toEqual([2, 2]);
    sent[0]?.answer(400);
    expect([sent.length, queue.inFlight()]).toEqual([3, 2]);
    sent[2]?.answer(450);
    expect(results.at(-1)).toMatchObject({ dueAtMs: 250, sentAtMs: 400, endedAtMs: 450, isLate: true });
  });

  it('counts as late what fell due while all connections were busy, though nobody looked meanwhile', () => {
    const { queue, sent, results } = stage();
    queue.advance(160);
    sent[0]?.answer(260);
    sent[2]?.answer(270);
    expect(results.map(({ isLate }) => isLate)).toEqual([false, true]);
  });

  it('gives up what has waited as long as the timeout, unsent', () => {
    const { queue, sent, results } = stage();
    queue.advance(260);
    queue.advance(1_251);
    expect(sent).toHaveLength(2);
    expect(results).toEqual([
      { endpoint: 0, dueAtMs: 250, endedAtMs: 1_251, isLate: true, failure: 'timeout', bytes: 0 },
    ]);
  });

  it('sends what it slept through itself, however long, as connections were free', () => {
    const { queue, sent, results } = stage({ concurrency: 1_000 });
    queue.advance(5_000);
    expect([sent.length, results.length]).toEqual([50, 0]);
  });

  it('fails what is in flight as long as the timeout, the oldest first', () => {
    const { queue, failed } = stage();
    queue.advance(60);
    queue.advance(160);
    queue.advance(1_059);
    expect(failed).toEqual([]);
    queue.advance(1_061);
    expect(failed).toEqual(['timeout']);
  });

  it('says when it must be woken', () => {
    const { queue, sent } = stage();
    expect(queue.nextEventAt(0)).toBe(50);
    queue.advance(51);
    expect(queue.nextEventAt(51)).toBe(150);
    queue.advance(151);
    expect(queue.nextEventAt(151)).toBe(250);
    queue.advance(1_040);
    expect(queue.nextEventAt(1_040)).toBe(1_050);
    expect(queue.nextEventAt(1_050)).toBe(1_051);
    queue.stop();
    sent[0]?.answer(1_060);
    expect(queue.nextEventAt(1_060)).toBe(1_151);
    sent[1]?.answer(1_070);
    expect(queue.nextEventAt(1_070)).toBe(Infinity);
  });

  it('sends nothing more when stopped, and can cut what is in flight', () => {
    const { queue, sent, failed } = stage();
    queue.advance(260);
    queue.stop();
    sent[0]?.answer(300);
    queue.advance(900);
    expect([sent.length, queue.inFlight(), queue.isDrained()]).toEqual([2, 1, true]);
    queue.failInFlight('aborted');
    expect(failed).toEqual(['aborted']);
  });

  it('is drained after exactly the requests of the plan', () => {
    const { queue, sent } = stage({ concurrency: 1_000, timeoutMs: 60_000 });
    queue.advance(9_949);
    expect([sent.length, queue.isDrained()]).toEqual([99, false]);
    queue.advance(60_000);
    expect([sent.length, queue.isDrained()]).toEqual([100, true]);
  });
});
