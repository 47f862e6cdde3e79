/**
 * Requests that are on their way, in the order of their sending. A linked list: a Set would leave a hole for each that ends, and clean up
 * by copying, which is most of the garbage of a fast run.
 */
import type { PendingRequest } from './request.ts';

export interface InFlight {
  size(): number;
  add(deadlineMs: number): Flight;
  remove(flight: Flight): void;
  /** The one that was sent first. */
  oldest(): Flight | undefined;
}

export interface Flight {
  /** Set once it is sent. */
  pending: PendingRequest | undefined;
  readonly deadlineMs: number;
  next: Flight | undefined;
  previous: Flight | undefined;
}

export function createInFlight(): InFlight {
  let first: Flight | undefined;
  let last: Flight | undefined;
  let size = 0;
  return {
    size: () => size,
    oldest: () => first,
    add: (deadlineMs) => {
      const flight: Flight = { pending: undefined, deadlineMs, next: undefined, previous: last };
      if (last === undefined) first = flight;
      else last.next = flight;
      last = flight;
      size += 1;
      return flight;
    },
    remove: (flight) => {
      const { previous, next } = flight;
      if (previous === undefined) first = next;
      else previous.next = next;
      if (next === undefined) last = previous;
      else next.previous = previous;
      // A removed flight that holds on to its neighbours would keep them from the collector.
      flight.next = undefined;
      flight.previous = undefined;
      size -= 1;
    },
  };
}
