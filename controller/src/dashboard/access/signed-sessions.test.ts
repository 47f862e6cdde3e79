import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { replicaKey } from './replica-key.ts';
import { IDLE_MS, SESSION_MS, type Session } from './sessions.ts';
import { createSignedSessions, MAX_ENDED, RENEW_MS, SKEW_MS } from './signed-sessions.ts';
import { withPasswords } from './test-dashboard.ts';

const key = replicaKey(withPasswords, undefined).sessions;

function replicas(skewMs: number = 0) {
  const clock = createFakeClock();
  const otherClock = createFakeClock(clock.now() + skewMs);
  const one = createSignedSessions({ key, clock });
  const other = createSignedSessions({ key, clock: otherClock });
  return { clock, one, other };
}

describe('a signed session', () => {
  it('is known to all replicas without asking', () => {
    const { one, other } = replicas();
    const { secret, session } = one.open('operate');
    expect(other.bySecret(secret)).toEqual(session);
    expect(other.isOpen(session)).toBe(true);
  });

  it('is known to no replica with other passwords', () => {
    const { clock, one } = replicas();
    const changed = replicaKey({ ...withPasswords, passwords: withPasswords.passwords.slice(1) }, undefined);
    const after = createSignedSessions({ key: changed.sessions, clock });
    expect(after.bySecret(one.open('view').secret)).toBeUndefined();
  });

  it('ends where it was ended, also for a cookie of it that was renewed', async () => {
    const { clock, one } = replicas();
    const { secret, session } = one.open('view');
    await clock.advance(RENEW_MS);
    const renewed = one.renewed(secret) ?? '';
    expect(one.bySecret(renewed)).toEqual(session);
    one.end(session);
    for (const cookie of [secret, renewed]) {
      expect(one.bySecret(cookie)).toBeUndefined();
      expect(one.renewed(cookie)).toBeUndefined();
    }
    expect(one.isOpen(session)).toBe(false);
    await clock.advance(SESSION_MS - RENEW_MS - 1);
    expect(one.isOpen(session)).toBe(false);
  });

  it('ends when it was idle for too long, and a renewed cookie puts that off', async () => {
    const { clock, one } = replicas();
    const { secret } = one.open('view');
    expect(one.renewed(secret)).toBeUndefined();
    await clock.advance(IDLE_MS - 1);
    const renewed = one.renewed(secret) ?? '';
    await clock.advance(1);
    expect(one.bySecret(secret)).toBeUndefined();
    expect(one.bySecret(renewed)).toBeDefined();
    await clock.advance(IDLE_MS);
    expect(one.bySecret(renewed)).toBeUndefined();
    expect(one.renewed(renewed)).toBeUndefined();
  });

  it('ends after a week, however often it was renewed', async () => {
    const { clock, one } = replicas();
    let { secret } = one.open('view');
    const { session } = one.open('view');
    for (let passed = IDLE_MS / 2; passed < SESSION_MS; passed += IDLE_MS / 2) {
      await clock.advance(IDLE_MS / 2);
      secret = one.renewed(secret) ?? '';
      expect(one.bySecret(secret)).toBeDefined();
    }
    await clock.advance(IDLE_MS / 2);
    expect(one.bySecret(secret)).toBeUndefined();
    expect(one.isOpen(session)).toBe(false);
  });

  it.each([
    [SKEW_MS, true],
    [-SKEW_MS, true],
    [SKEW_MS + 1, true],
    [-SKEW_MS - 1, false],
  ])('of a replica is good for one whose clock is %d ms ahead: %s', (skewMs, isGood) => {
    const { one, other } = replicas(skewMs);
    expect(other.bySecret(one.open('view').secret) !== undefined).toBe(isGood);
  });

  it('is not made longer by a replica whose clock is far ahead', async () => {
    const { clock, one, other } = replicas(RENEW_MS);
    const { secret, session } = one.open('view');
    const renewed = other.renewed(secret) ?? '';
    expect(renewed).not.toBe('');
    expect(one.bySecret(renewed)).toBeUndefined();
    await clock.advance(RENEW_MS - SKEW_MS);
    expect(one.bySecret(renewed)).toEqual(session);
    expect(one.isOpen(other.open('view').session)).toBe(true);
    expect(one.isOpen({ ...session, expiresAt: clock.now() + SESSION_MS + SKEW_MS + 1 })).toBe(false);
  });

  it('is nothing but what a replica signed', () => {
    const { one } = replicas();
    const { secret } = one.open('view');
    const forged = secret.replace('.view.', '.operate.');
    expect(one.bySecret(forged)).toBeUndefined();
    expect(one.bySecret(`${secret}.more`)).toBeUndefined();
    const mutated = fc
      .tuple(fc.nat(secret.length - 1), fc.constantFrom('A', '0', '.', '-'))
      .filter(([at, put]) => secret[at] !== put)
      .map(([at, put]) => secret.slice(0, at) + put + secret.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(fc.string(), mutated), (cookie) => {
        expect(one.bySecret(cookie)).toBeUndefined();
        expect(one.renewed(cookie)).toBeUndefined();
      }),
    );
  });
});

describe('the memory of sign-outs', () => {
  it('forgets what is over anyway', async () => {
    const { clock, one } = replicas();
    const early = ended(0, clock.now() + 1000);
    one.end(early);
    for (let index = 1; index < MAX_ENDED; index += 1) one.end(ended(index, clock.now() + SESSION_MS));
    const mine = one.open('view').session;
    await clock.advance(1000);
    one.end(ended(MAX_ENDED, clock.now() + SESSION_MS));
    expect(one.isOpen(mine)).toBe(true);
  });

  it('ends others that began as early when it is full, rather than bringing one back', () => {
    const { clock, one } = replicas();
    const now = clock.now();
    for (let index = 0; index <= MAX_ENDED; index += 1) one.end(ended(index, now + 1000 + index));
    expect(one.isOpen(ended(0, now + 1000))).toBe(false);
    expect(one.isOpen(ended(-1, now + 1000))).toBe(false);
    expect(one.isOpen(ended(-2, now + 1001))).toBe(true);
    expect(one.isOpen(ended(1, now + 1001))).toBe(false);
    expect(one.isOpen(one.open('view').session)).toBe(true);
  });
});

function ended(index: number, expiresAt: number): Session {
  return { key: `k${index}`, role: 'view', expiresAt };
}
