/** The server in a process of its own, and what it says about the requests that reached it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type Question = { readonly kind: 'count' } | { readonly kind: 'arrivals'; readonly last: number };

export type Answer =
  | { readonly kind: 'ready'; readonly port: number }
  | Counted
  /** Times of the server's clock. The count begins anew. */
  | { readonly kind: 'arrivals'; readonly arrivalsMs: readonly number[] };

interface Counted {
  readonly kind: 'counted';
  /** The server's clock. */
  readonly atMs: number;
  readonly count: number;
}

export interface Server {
  readonly url: string;
  count(): Promise<Counted>;
  /** Of the last requests; forgets all after. */
  takeLast(requests: number): Promise<readonly number[]>;
  stop(): void;
}

export async function startServer(): Promise<Server> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)));
  const ask = async (question: Question | undefined): Promise<Answer> => {
    const answered = once(child, 'message');
    if (question !== undefined) child.send(question);
    const [answer] = (await answered) as [Answer];
    return answer;
  };
  const ready = await ask(undefined);
  if (ready.kind !== 'ready') throw new Error('the server did not start');
  return {
    url: `http://127.0.0.1:${ready.port}/`,
    count: async () => {
      const answer = await ask({ kind: 'count' });
      if (answer.kind !== 'counted') throw new Error('not the answer to the question');
      return answer;
    },
    takeLast: async (last) => {
      const answer = await ask({ kind: 'arrivals', last });
      if (answer.kind !== 'arrivals') throw new Error('not the answer to the question');
      return answer.arrivalsMs;
    },
    stop: () => void child.kill(),
  };
}
