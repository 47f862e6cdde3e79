import type { FakeClock } from '../../../fake-clock.ts';
import { createSilentLog } from '../../../log.ts';
import type { NodeFacts } from '../decode/node.ts';
import { sampleKey } from '../decode/summary.ts';
import type { Kubelets } from '../kubelet.ts';
import { createShardMember } from './member.ts';
import { createShardedKubelets, type Member } from './sharded-kubelets.ts';

export function simulatedNode(name: string): NodeFacts {
  return {
    name,
    kubelet: { address: '127.0.0.1', port: 1 },
    size: { cpus: 4, memoryBytes: 1e9 },
    kubeletVersion: '',
    isReady: true,
    notReady: '',
  };
}

/** How a member is; `dying`: it answers for one node, and then its connection breaks. */
export type Mood = 'well' | 'refused' | 'silent' | 'dying';

/** A leader and members on one clock; each kubelet has one pod of its node's name. */
export interface SimulatedShards {
  readonly kubelets: Kubelets;
  /** Nodes in the order in which they were asked, by who asked. */
  readonly asked: ReadonlyMap<string, readonly string[]>;
  /** What the instruments were told. */
  readonly told: { shares: ReadonlyMap<string, number>; failures: (readonly [string, number])[] };
  be(member: string, mood: Mood): void;
  leave(member: string): void;
}

export const LEADER = 'leader';

export function simulateShards(names: readonly string[], clock: FakeClock): SimulatedShards {
  const asked = new Map<string, string[]>();
  const moods = new Map<string, Mood>();
  let present = names;
  const told: SimulatedShards['told'] = { shares: new Map(), failures: [] };

  function kubeletsOf(who: string): Kubelets {
    return {
      summary: async ({ name }) => {
        asked.set(who, [...(asked.get(who) ?? []), name]);
        const now = clock.now();
        const sample = { readAtNs: BigInt(now) * 1_000_000n, cpuNs: now * 1e5, memoryBytes: 1e6 };
        return { source: 'kubelet', clockMs: now, samples: new Map([[sampleKey('shop', name, 'app'), sample]]) };
      },
      close: async () => undefined,
    };
  }

  const members = new Map(
    names.map((name) => [name, createShardMember({ kubelets: kubeletsOf(name), find: simulatedNode, clock })]),
  );

  async function* ask(member: Member, nodes: readonly string[], signal: AbortSignal): AsyncGenerator<string, void> {
    const mood = moods.get(member.identity) ?? 'well';
    if (mood === 'refused') throw new Error('connect ECONNREFUSED');
    if (mood === 'silent') await clock.sleep(3_600_000, signal);
    for await (const line of members.get(member.identity)?.answer(nodes, signal) ?? []) {
      yield line;
      if (mood === 'dying') throw new Error('other side closed');
    }
  }

  const kubelets = createShardedKubelets({
    own: kubeletsOf(LEADER),
    self: LEADER,
    members: () => present.map((identity) => ({ identity, url: `http://${identity}` })),
    ask,
    instruments: {
      assigned(shares) {
        told.shares = shares;
      },
      failed: (member, nodes) => void told.failures.push([member, nodes]),
    },
    clock,
    log: createSilentLog(),
  });
  return {
    kubelets,
    asked,
    told,
    be: (member, mood) => void moods.set(member, mood),
    leave(member) {
      present = present.filter((name) => name !== member);
    },
  };
}
