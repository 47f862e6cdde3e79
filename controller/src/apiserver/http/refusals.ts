import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { RawRequest } from './context.ts';

/** However many tokens somebody tries, the log grows by a line in that time. */
const TELL_EVERY_MS = 60_000;
/** Of what a client calls itself. */
const MAX_AGENT_CHARACTERS = 100;

/** Tells of requests with a token that nobody has, without the token: the first at once, then a line a minute at most. */
export function createRefusals({ clock, log }: { readonly clock: Clock; readonly log: Log }): (of: RawRequest) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return ({ address, headers }) => {
    untold += 1;
    const now = clock.now();
    if (Math.abs(now - toldAt) < TELL_EVERY_MS) return;
    const userAgent = headers['user-agent']?.slice(0, MAX_AGENT_CHARACTERS);
    log.warn({ address, userAgent, requests: untold }, 'the API refused a token that nobody has');
    toldAt = now;
    untold = 0;
  };
}
