import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/** Asks kubelets for another replica: a line for each node. */
export type AnswerNodes = (nodes: readonly string[], signal: AbortSignal) => AsyncIterable<string>;

/** As of a Kubernetes object. */
const MAX_NAME_CHARACTERS = 253;

const body = (maxNodes: number): object => ({
  type: 'object',
  required: ['nodes'],
  additionalProperties: false,
  properties: {
    nodes: {
      type: 'array',
      minItems: 1,
      maxItems: maxNodes,
      items: { type: 'string', minLength: 1, maxLength: MAX_NAME_CHARACTERS },
    },
  },
});

/** What the leader asks of a replica that shares the kubelets with it; people have no way to it. */
export function shardRoutes(
  app: FastifyInstance,
  { path, maxNodes, answer }: { readonly path: string; readonly maxNodes: number; readonly answer: AnswerNodes },
): void {
  app.post<{ Body: { readonly nodes: readonly string[] } }>(
    path,
    {
      config: { access: 'replica' },
      schema: { body: body(maxNodes) },
      bodyLimit: maxNodes * (MAX_NAME_CHARACTERS + 3) + 100,
    },
    (request, reply) => {
      const gone = new AbortController();
      // whoever asked has it all, or does not wait any more
      reply.raw.once('close', () => gone.abort(new Error('the answer is over')));
      return reply
        .type('application/x-ndjson')
        .send(Readable.from(withNewlines(answer(request.body.nodes, gone.signal))));
    },
  );
}

async function* withNewlines(lines: AsyncIterable<string>): AsyncGenerator<string, void> {
  for await (const line of lines) yield `${line}\n`;
}
