import { createInterface } from 'node:readline';
import { Agent } from 'undici';
import type { Member } from './sharded-kubelets.ts';

/** Where a member answers; a signed request is from another replica. */
export const SUMMARIES_PATH = '/replica/summaries';
/** Nodes of one call: the share of one of two members of a cluster of 2,000 nodes. */
export const MAX_NODES_PER_CALL = 1000;

export interface MemberClient {
  ask(member: Member, nodes: readonly string[], signal: AbortSignal): AsyncGenerator<string, void>;
  close(): Promise<void>;
}

export interface MemberClientDeps {
  /** Headers by which a member knows that a replica asks. */
  readonly sign: (request: { readonly method: 'POST'; readonly path: string }) => Readonly<Record<string, string>>;
}

const CONNECT_TIMEOUT_MS = 1000;
/** Longer than the usual interval, so that a round finds its connection open. */
const KEEP_ALIVE_MS = 60_000;
/** Of one answer: a thousand nodes of 500 containers. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export function createMemberClient({ sign }: MemberClientDeps): MemberClient {
  const agent = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
  });

  async function* askSome(
    { url }: Member,
    nodes: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<string, void> {
    const answer = await agent.request({
      origin: new URL(url).origin,
      path: SUMMARIES_PATH,
      method: 'POST',
      headers: { ...sign({ method: 'POST', path: SUMMARIES_PATH }), 'content-type': 'application/json' },
      body: JSON.stringify({ nodes }),
      signal,
    });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new Error(`it answered ${answer.statusCode}`);
    }
    // without this a stream that breaks ends the lines as if all had been said
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined);
    answer.body.on('error', broken.reject);
    const lines = createInterface({ input: answer.body, crlfDelay: Infinity })[Symbol.asyncIterator]();
    for (;;) {
      const line = await Promise.race([lines.next(), broken.promise]);
      if (line.done === true) return;
      yield line.value;
    }
  }

  return {
    async *ask(member, nodes, signal) {
      for (let from = 0; from < nodes.length; from += MAX_NODES_PER_CALL) {
        yield* askSome(member, nodes.slice(from, from + MAX_NODES_PER_CALL), signal);
      }
    },
    close: () => agent.destroy(),
  };
}
