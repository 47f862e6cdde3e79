import { isIPv6 } from 'node:net';
import type { Clock } from '../../clock.ts';

/** How often somebody may try to sign in, by address and in all. */
export interface Attempts {
  /** Takes one attempt. 0: go on; otherwise how long to wait, and nothing was taken. */
  take(address: string): number;
  /** Whoever got in has not been guessing. */
  succeeded(address: string): void;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

interface Rate {
  readonly burst: number;
  readonly refillMs: number;
}

/** A person mistypes a few times; a guesser gets 2880 tries a day. */
const byAddress: Rate = { burst: 5, refillMs: 30_000 };
/** Against guessers with many addresses, and for the cost of the hash. */
const inAll: Rate = { burst: 60, refillMs: 2000 };
export const MAX_ADDRESSES = 2000;

export function createAttempts({ clock }: { readonly clock: Clock }): Attempts {
  // In order of use; whoever is forgotten still meets the limit in all.
  const addresses = new Map<string, Bucket>();
  let all: Bucket = { tokens: inAll.burst, at: clock.now() };
  return {
    take(address) {
      const now = clock.now();
      const network = networkOf(address);
      const own = refilled(addresses.get(network) ?? { tokens: byAddress.burst, at: now }, byAddress, now);
      all = refilled(all, inAll, now);
      const waitMs = Math.max(waitOf(own, byAddress, now), waitOf(all, inAll, now));
      if (waitMs > 0) return waitMs;
      all = { ...all, tokens: all.tokens - 1 };
      addresses.delete(network);
      addresses.set(network, { ...own, tokens: own.tokens - 1 });
      const oldest = addresses.size > MAX_ADDRESSES ? addresses.keys().next().value : undefined;
      if (oldest !== undefined) addresses.delete(oldest);
      return 0;
    },
    succeeded: (address) => {
      addresses.delete(networkOf(address));
    },
  };
}

/** Whole tokens only, so that the clock of the next one goes on. A clock that was set back gives none. */
function refilled(bucket: Bucket, { burst, refillMs }: Rate, now: number): Bucket {
  if (now < bucket.at) return { ...bucket, at: now };
  const more = Math.floor((now - bucket.at) / refillMs);
  const tokens = Math.min(burst, bucket.tokens + more);
  return { tokens, at: tokens === burst ? now : bucket.at + more * refillMs };
}

function waitOf({ tokens, at }: Bucket, { refillMs }: Rate, now: number): number {
  return tokens > 0 ? 0 : at + refillMs - now;
}

/** Whoever has one IPv6 address has the 2^64 of its network. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return [...first, ...(tail === undefined ? [] : zeros), ...last].slice(0, 4).join(':');
}
