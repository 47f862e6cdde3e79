import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { createMemberClient, MAX_NODES_PER_CALL, SUMMARIES_PATH } from './member-client.ts';

const { signal } = new AbortController();

/** The lines that a member's answer has, over a real connection. */
async function ask(listener: RequestListener, nodes: readonly string[], until = signal): Promise<readonly string[]> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = createMemberClient({ sign: ({ method, path }) => ({ 'x-signed': `${method} ${path}` }) });
  onTestFinished(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });
  const lines: string[] = [];
  for await (const line of client.ask({ identity: 'a', url: `http://127.0.0.1:${port}` }, nodes, until))
    lines.push(line);
  return lines;
}

it('asks with a signature, for so many nodes at a time as a member takes', async () => {
  const asked: unknown[] = [];
  const nodes = Array.from({ length: MAX_NODES_PER_CALL + 1 }, (_, index) => `node-${index}`);
  const lines = await ask((request, response) => {
    asked.push([request.method, request.url, request.headers['x-signed']]);
    request.resume().on('end', () => response.end('one\ntwo\n'));
  }, nodes);
  expect(lines).toEqual(['one', 'two', 'one', 'two']);
  expect(asked).toEqual([0, 1].map(() => ['POST', SUMMARIES_PATH, `POST ${SUMMARIES_PATH}`]));
});

it('fails where a member refuses', async () => {
  await expect(ask((_request, response) => response.writeHead(401).end('no'), ['a'])).rejects.toThrow(/401/);
});

it('fails where the connection breaks in the middle, and does not take it for the end', async () => {
  const broken = ask(
    (_request, response) => {
      response.write('one\n');
      setImmediate(() => response.destroy());
    },
    ['a', 'b'],
  );
  await expect(broken).rejects.toThrow(/closed|aborted|reset|terminated/);
});

it('ends at the signal', async () => {
  const over = new AbortController();
  const asking = ask(
    (_request, response) => response.write('one\n') && over.abort(new Error('enough')),
    ['a'],
    over.signal,
  );
  await expect(asking).rejects.toThrow('enough');
});
