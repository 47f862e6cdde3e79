import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberOf } from './rendezvous.ts';

const nodes = Array.from(
  { length: 1000 },
  (_, index) => `ip-10-0-${index >> 8}-${index & 255}.eu-west-1.compute.internal`,
);
const someNames = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 16 });

describe('the share of a member', () => {
  it('is nobody’s without members', () => {
    expect(memberOf('node-1', [])).toBeUndefined();
  });

  it('does not depend on the order of the members', () => {
    fc.assert(
      fc.property(fc.string(), someNames, (node, members) => {
        expect(memberOf(node, members.toReversed())).toBe(memberOf(node, members));
      }),
    );
  });

  it('moves by what a member that leaves had, and by nothing else', () => {
    fc.assert(
      fc.property(fc.string(), someNames, fc.nat(), (node, members, pick) => {
        const leaving = members[pick % members.length];
        const rest = members.filter((member) => member !== leaving);
        const before = memberOf(node, members);
        expect(memberOf(node, rest)).toBe(before === leaving ? memberOf(node, rest) : before);
      }),
    );
  });

  it('moves to a member that joins, and to nobody else', () => {
    fc.assert(
      fc.property(fc.string(), someNames, fc.string({ minLength: 61, maxLength: 70 }), (node, members, joining) => {
        const after = memberOf(node, [...members, joining]);
        expect([memberOf(node, members), joining]).toContain(after);
      }),
    );
  });

  it('is fair for names as pods have them: within five standard deviations', () => {
    const podName = fc.stringMatching(/^foghorn-[a-f0-9]{9}-[a-z0-9]{5}_[0-9a-f]{8}$/);
    fc.assert(
      fc.property(fc.uniqueArray(podName, { minLength: 2, maxLength: 8 }), (members) => {
        const shares = Map.groupBy(nodes, (node) => memberOf(node, members));
        const average = nodes.length / members.length;
        for (const member of members) {
          const share = shares.get(member)?.length ?? 0;
          expect(Math.abs(share - average)).toBeLessThan(5 * Math.sqrt(average));
        }
      }),
      { numRuns: 200 },
    );
  });
});
