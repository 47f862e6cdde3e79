import { setImmediate } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Clock } from '../../../clock.ts';
import { errorMessage } from '../../../errors.ts';
import type { Log } from '../../../log.ts';
import type { NodeFacts } from '../decode/node.ts';
import type { Kubelets, Summary } from '../kubelet.ts';
import { MAX_CALLS } from '../lanes.ts';
import { decodeAnswer, type NodeAnswer } from './lines.ts';
import { memberOf } from './rendezvous.ts';

/** A replica that asks kubelets for us. */
export interface Member {
  readonly identity: string;
  readonly url: string;
}

export interface ShardedKubeletsDeps {
  /** Our own way to the kubelets: for our share, and for what a member does not answer. */
  readonly own: Kubelets;
  readonly self: string;
  /** The others that live, as far as known; each has a share, as we have. */
  readonly members: () => readonly Member[];
  /** Asks a member; a line of its answer for each node, in any order. Rejects when it cannot. */
  readonly ask: (member: Member, nodes: readonly string[], signal: AbortSignal) => AsyncIterable<string>;
  readonly instruments?: ShardInstruments | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** How a member fares. */
export interface ShardInstruments {
  /** Nodes whose turn it was last with each member. */
  assigned(nodes: ReadonlyMap<string, number>): void;
  /** It did not answer for so many nodes, and was left out for a while. */
  failed(member: string, nodes: number): void;
}

/** A member says something of a kubelet within 3 s of its turn; one that says nothing for longer is gone or frozen. */
export const SILENCE_MS = 4000;
/** A member that failed has no share for so long; if it lives, it is tried again then. */
export const LEFT_OUT_MS = 30_000;

/** More than replicas can share; past it nodes that are gone are forgotten, and others until they are asked again. */
const MAX_NODES = 10_000;

/** A node that somebody waits for. */
interface Asked {
  readonly node: NodeFacts;
  readonly signal: AbortSignal;
  readonly resolve: (summary: Promise<Summary>) => void;
}

/**
 * Kubelets whose nodes are shared among replicas. What is asked at one time goes to each member in one call. A member
 * that fails or falls silent costs no reading: its nodes that have not been answered are asked by ourselves, at once.
 */
export function createShardedKubelets(deps: ShardedKubeletsDeps): Kubelets {
  const { own, self, ask, instruments, clock, log } = deps;
  const inTurn = pLimit(MAX_CALLS);
  const closing = new AbortController();
  const tell = createShareTeller(instruments);
  /** By identity of a member: until when it has no share. */
  const leftOut = new Map<string, number>();
  let batch: Asked[] | undefined;

  const askOurselves = ({ node, signal }: Asked): Promise<Summary> => inTurn(() => own.summary(node, signal));

  function present(): ReadonlyMap<string, Member> {
    const now = clock.now();
    for (const [identity, until] of leftOut) if (until <= now) leftOut.delete(identity);
    const others = deps.members().filter(({ identity }) => identity !== self && !leftOut.has(identity));
    return new Map(others.map((member) => [member.identity, member]));
  }

  /** What was asked in one turn of the event loop, as a round does. */
  async function flush(): Promise<void> {
    await setImmediate();
    const asked = batch ?? [];
    batch = undefined;
    const members = present();
    const identities = [self, ...members.keys()];
    const shares = Map.groupBy(asked, ({ node }) => memberOf(node.name, identities) ?? self);
    for (const [identity, share] of shares) {
      const member = members.get(identity);
      if (member !== undefined) void askMember(member, share);
      else for (const one of share) one.resolve(askOurselves(one));
    }
    tell(identities, shares);
  }

  async function askMember(member: Member, share: readonly Asked[]): Promise<void> {
    const open = Map.groupBy(share, ({ node }) => node.name);
    try {
      const silence = watchSilence(clock, closing.signal);
      const names = [...open.keys()];
      for await (const line of silence.hearing((signal) => ask(member, names, signal))) {
        const answer = decodeAnswer(line);
        if (answer === undefined) continue;
        for (const one of open.get(answer.node) ?? []) one.resolve(settled(answer));
        open.delete(answer.node);
      }
      if (open.size > 0) throw new Error('it left nodes out');
    } catch (thrown) {
      if (!closing.signal.aborted) giveUp(member, open.size, thrown);
    }
    for (const one of [...open.values()].flat()) one.resolve(askOurselves(one));
  }

  function giveUp({ identity, url }: Member, nodes: number, thrown: unknown): void {
    leftOut.set(identity, clock.now() + LEFT_OUT_MS);
    instruments?.failed(identity, nodes);
    const error = errorMessage(thrown);
    log.warn({ member: identity, url, nodes, error }, 'a replica did not ask its kubelets: they are asked from here');
  }

  return {
    summary(node, signal) {
      // a member asks only nodes that it finds listed
      if (node.kubelet === undefined) return own.summary(node, signal);
      const { promise, resolve } = Promise.withResolvers<Summary>();
      if (batch === undefined) {
        batch = [];
        void flush();
      }
      batch.push({ node, signal, resolve });
      return promise;
    },
    async close() {
      closing.abort(new Error('the kubelets are let go of'));
      await own.close();
    },
  };
}

type Shares = ReadonlyMap<string, readonly Asked[]>;

/** Tells whose turn each node was last: a look at a few of them in between does not change that of the others. */
function createShareTeller(
  instruments: ShardInstruments | undefined,
): (members: readonly string[], shares: Shares) => void {
  const askers = new Map<string, string>();
  return (members, shares) => {
    if (instruments === undefined) return;
    for (const [member, share] of shares) for (const { node } of share) askers.set(node.name, member);
    const counts = new Map(members.map((member) => [member, 0]));
    for (const [node, member] of askers) {
      const count = counts.get(member);
      if (count === undefined || askers.size > MAX_NODES) askers.delete(node);
      else counts.set(member, count + 1);
    }
    instruments.assigned(counts);
  };
}

async function settled(answer: NodeAnswer): Promise<Summary> {
  if (answer.kind === 'failed') throw answer.error;
  return answer.summary;
}

/** Ends a stream that says nothing for a while, though its end may not be told. */
function watchSilence(clock: Clock, outer: AbortSignal) {
  const over = new AbortController();
  const signal = AbortSignal.any([outer, over.signal]);
  return {
    async *hearing(begin: (signal: AbortSignal) => AsyncIterable<string>): AsyncGenerator<string, void> {
      const lines = begin(signal)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const heard = new AbortController();
          const late = clock.sleep(SILENCE_MS, AbortSignal.any([signal, heard.signal])).then(silent, silent);
          const next = lines.next();
          const line = await Promise.race([next, late]);
          heard.abort();
          if (line === undefined) {
            next.catch(() => undefined);
            throw new Error(`it said nothing for ${SILENCE_MS} ms`);
          }
          if (line.done === true) return;
          yield line.value;
        }
      } finally {
        over.abort(new Error('enough was heard'));
      }
    },
  };
}

function silent(): undefined {
  return undefined;
}
