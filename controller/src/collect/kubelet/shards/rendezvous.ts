/**
 * Whose a node is, of these members: the one with the highest score for it (rendezvous hashing, Thaler and Ravishankar
 * 1996). All who know the same members agree without a word, and when one comes or goes only its own nodes move.
 * Undefined: there is nobody.
 */
export function memberOf(node: string, members: readonly string[]): string | undefined {
  let best: { readonly member: string; readonly score: number } | undefined;
  for (const member of members) {
    const score = scoreOf(member, node);
    const isBetter = best === undefined || score > best.score || (score === best.score && member < best.member);
    if (isBetter) best = { member, score };
  }
  return best?.member;
}

const FNV_OFFSET = 0x81_1c_9d_c5;
const FNV_PRIME = 0x01_00_01_93;

/** FNV-1a (RFC 9923), and the last step of MurmurHash3, since names that differ in their last letter must differ in all bits. */
function scoreOf(member: string, node: string): number {
  let hash = FNV_OFFSET;
  const text = `${member}\n${node}`;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
