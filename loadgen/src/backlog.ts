/** The requests of a plan that are not sent yet. They are two counters, however many wait: the plan knows when each was due. */
import { dueAt, pace } from './pacer.ts';
import type { Plan } from './plan.ts';

export interface DueRequest {
  readonly dueAtMs: number;
  /** It could not be sent when it was due, as all connections were busy. */
  readonly isLate: boolean;
}

export interface Backlog {
  /** The oldest request that is due by now, taken out. */
  takeDue(nowMs: number): DueRequest | undefined;
  /** The oldest late request that was due at `dueByMs` already, taken out. */
  takeOverdue(dueByMs: number): DueRequest | undefined;
  /** What is due by now and still here is late from now on. */
  markLate(nowMs: number): void;
  /** When the oldest request was or will be due; Infinity when none is left. */
  nextDueAt(): number;
  /** When the next request will be due that is not due yet; Infinity when none is left. */
  nextDueAfter(nowMs: number): number;
}

export function createBacklog(plan: Plan): Backlog {
  /** Requests before this index are taken. */
  let next = 0;
  /** Requests before this index are late. */
  let lateBefore = 0;
  return {
    takeDue: (nowMs) => {
      if (next >= pace(plan, nowMs)) return undefined;
      const request = { dueAtMs: dueAt(plan, next), isLate: next < lateBefore };
      next += 1;
      return request;
    },
    takeOverdue: (dueByMs) => {
      const dueAtMs = dueAt(plan, next);
      if (next >= lateBefore || dueAtMs > dueByMs) return undefined;
      next += 1;
      return { dueAtMs, isLate: true };
    },
    markLate: (nowMs) => {
      lateBefore = Math.max(lateBefore, pace(plan, nowMs));
    },
    nextDueAt: () => dueAt(plan, next),
    nextDueAfter: (nowMs) => dueAt(plan, Math.max(next, pace(plan, nowMs))),
  };
}
