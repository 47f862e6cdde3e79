import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePassword, parseToken, type Access } from '../../model/access.ts';
import { REPLICA_HEADER_MS, readReplica, replicaKey, signReplica, type ReplicaClaim } from './replica-key.ts';
import { nobody, token, withPasswords } from './test-dashboard.ts';

const now = 1_700_000_000_000;
const request = { method: 'POST', path: '/api/silences?a=1', now };
const key = replicaKey(withPasswords, undefined);
const extra = 'a random text of thirty-two characters';
const operator: ReplicaClaim = {
  kind: 'user',
  identity: { kind: 'proxy', user: 'ålice ☃ "x"\n', role: 'operate' },
};

describe('the secret of all replicas', () => {
  const tokens = [parseToken(`operate=${token}`) ?? []].flat();

  it('is the same wherever the settings are, in whatever order', () => {
    const [first, second] = withPasswords.passwords;
    const turned = { ...withPasswords, passwords: [second ?? [], first ?? []].flat() };
    expect(replicaKey(turned, undefined)).toEqual(key);
  });

  it('has a part for each purpose', () => {
    const parts = Object.values(key).map((part: Buffer) => part.toString('hex'));
    expect(new Set(parts).size).toBe(3);
    for (const part of parts) expect(part).toHaveLength(64);
  });

  const other = parsePassword(`view=scrypt:16:1:1:${'A'.repeat(22)}:${'B'.repeat(43)}`);
  it.each<[string, Access, string | undefined]>([
    ['a password more', { ...withPasswords, passwords: [...withPasswords.passwords, other ?? []].flat() }, undefined],
    ['a password less', { ...withPasswords, passwords: withPasswords.passwords.slice(1) }, undefined],
    ['another token', { ...withPasswords, tokens }, undefined],
    ['a REPLICA_KEY', withPasswords, extra],
  ])('is another one with %s', (_what, access, replica) => {
    const changed = replicaKey(access, replica);
    expect(changed.requests.equals(key.requests)).toBe(false);
    expect(changed.sessions.equals(key.sessions)).toBe(false);
  });

  it.each<[string, Access, string | undefined]>([
    ['nothing at all', nobody, undefined],
    ['a token, whose holder could make it', { ...nobody, tokens }, undefined],
    ['the users of a proxy', { ...nobody, userHeader: 'remote-user', trustedProxies: ['10.0.0.5'] }, undefined],
  ])('is not made from %s', (_what, access, replica) => {
    expect(() => replicaKey(access, replica)).toThrow(/REPLICA_KEY/);
  });

  it('is made from REPLICA_KEY alone', () => {
    expect(replicaKey(nobody, extra).requests).toHaveLength(32);
  });
});

describe('a signed request', () => {
  it.each<[string, ReplicaClaim]>([
    ['somebody of a proxy', operator],
    ['nobody in particular', { kind: 'user', identity: { kind: 'open', user: '', role: 'view' } }],
    ['anybody', { kind: 'user', identity: null }],
    ['a token', { kind: 'user', identity: { kind: 'token', user: 'view (token)', role: 'view' } }],
    [
      'somebody who signed in',
      {
        kind: 'user',
        identity: { kind: 'session', user: 'view', role: 'view', session: { key: 'k', role: 'view', expiresAt: 5 } },
      },
    ],
    ['a replica', { kind: 'member', name: 'foghorn-controller-7d4b' }],
  ])('says that it is of %s', (_who, claim) => {
    expect(readReplica(key, signReplica(key, claim, request), request)).toEqual(claim);
  });

  it.each([
    ['another path', { ...request, path: '/api/silences?a=2' }],
    ['another method', { ...request, method: 'DELETE' }],
    ['a later time', { ...request, now: now + REPLICA_HEADER_MS + 1 }],
    ['a time before it was made', { ...request, now: now - REPLICA_HEADER_MS - 1 }],
  ])('is not good for %s', (_what, asked) => {
    expect(readReplica(key, signReplica(key, operator, request), asked)).toBeUndefined();
  });

  it('is good for replicas whose clocks differ a little', () => {
    const header = signReplica(key, operator, request);
    for (const skewMs of [-REPLICA_HEADER_MS, REPLICA_HEADER_MS]) {
      expect(readReplica(key, header, { ...request, now: now + skewMs })).toEqual(operator);
    }
  });

  it('is not good with another key', () => {
    const header = signReplica(replicaKey(withPasswords, extra), operator, request);
    expect(readReplica(key, header, request)).toBeUndefined();
  });

  it('is not good for a role that was put in later', () => {
    const view: ReplicaClaim = { kind: 'user', identity: { kind: 'proxy', user: 'bob', role: 'view' } };
    const [version, , signature] = signReplica(key, view, request).split('.');
    const [, body] = signReplica(replicaKey(nobody, extra), operator, request).split('.');
    expect(readReplica(key, `${version}.${body}.${signature}`, request)).toBeUndefined();
  });

  it.each([
    ['of another kind', { kind: 'superuser' }],
    ['of a replica without a name', { kind: 'member' }],
    ['of nobody', { kind: 'user' }],
    ['of another role', { kind: 'user', identity: { kind: 'proxy', user: 'a', role: 'admin' } }],
    ['of a session without one', { kind: 'user', identity: { kind: 'session', user: 'a', role: 'view' } }],
    ['that is a list', []],
  ])('a claim %s says nothing, even signed', (_what, claim: unknown) => {
    // What a replica of another version might send.
    const header = signReplica(key, claim as ReplicaClaim, request);
    expect(readReplica(key, header, request)).toBeUndefined();
  });

  it('that is anything else says nothing, and does not throw', () => {
    const good = signReplica(key, operator, request);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `v1.${text}`),
          mutations(good),
        ),
        (header) => {
          expect(readReplica(key, header, request)).toBeUndefined();
        },
      ),
    );
    expect(readReplica(key, `${good}.more`, request)).toBeUndefined();
    expect(readReplica(key, good.padEnd(100_000, 'A'), request)).toBeUndefined();
  });
});

/** With one character changed. */
function mutations(header: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(header.length - 1), fc.constantFrom('A', 'b', '-', '.', '\u0000'))
    .filter(([at, put]) => header[at] !== put)
    .map(([at, put]) => header.slice(0, at) + put + header.slice(at + 1));
}
