import pLimit from 'p-limit';
import type { Clock } from '../../../clock.ts';
import type { NodeFacts } from '../decode/node.ts';
import { classifyFailure, KubeletError } from '../failure.ts';
import type { Kubelets } from '../kubelet.ts';
import { MAX_CALLS } from '../lanes.ts';
import { askPatiently } from '../patient-call.ts';
import { encodeAnswer, type NodeAnswer } from './lines.ts';

/** A replica that asks kubelets for the one that leads. */
export interface ShardMember {
  /** A line for each node, as it answers: one that is slow holds up no other. Ends when all have answered, or at the signal. */
  answer(nodes: readonly string[], signal: AbortSignal): AsyncGenerator<string, void>;
}

export interface ShardMemberDeps {
  readonly kubelets: Kubelets;
  /** Only what the API server lists is asked, under the address that it tells. */
  readonly find: (node: string) => NodeFacts | undefined;
  readonly clock: Clock;
}

/** A slow node, from its turn on; its call goes on for nobody. */
const PATIENCE_MS = 3000;
/** With the wait for its turn; less than the leader waits for us. */
const LONGEST_MS = 8000;

export function createShardMember({ kubelets, find, clock }: ShardMemberDeps): ShardMember {
  const inTurn = pLimit(MAX_CALLS);

  async function ask(node: string, signal: AbortSignal): Promise<NodeAnswer> {
    const facts = find(node);
    if (facts === undefined) return failed(node, new KubeletError('noRoute', `node ${node} is not known`));
    try {
      const call = askPatiently(
        (begun) =>
          inTurn(() => {
            begun();
            return kubelets.summary(facts, signal);
          }),
        { clock, patienceMs: PATIENCE_MS, longestMs: LONGEST_MS, signal },
      );
      const summary = await call.soon;
      if (summary !== undefined) return { node, kind: 'summary', summary };
      return failed(node, new KubeletError('timeout', `no answer yet after ${clock.now() - call.askedAt} ms`));
    } catch (thrown) {
      return failed(node, classifyFailure(thrown));
    }
  }

  return {
    async *answer(nodes, signal) {
      const answered: NodeAnswer[] = [];
      let wake = Promise.withResolvers<void>();
      const collect = async (node: string): Promise<void> => {
        answered.push(await ask(node, signal));
        wake.resolve();
      };
      const names = new Set(nodes);
      for (const node of names) void collect(node);
      for (let left = names.size; left > 0 && !signal.aborted;) {
        await wake.promise;
        wake = Promise.withResolvers<void>();
        for (const answer of answered.splice(0)) {
          left -= 1;
          yield encodeAnswer(answer);
        }
      }
    },
  };
}

function failed(node: string, error: KubeletError): NodeAnswer {
  return { node, kind: 'failed', error };
}
