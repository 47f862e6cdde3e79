import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';

/** Many pages that listen at the same time, each with rows on its screen. */
export interface Streams {
  /** Bytes that all have got together since the last call. */
  takeBytes(): number;
  /** Streams that ended though nobody closed them. */
  lost(): number;
  close(): void;
}

/** As many at a time as a browser's users would be; the backlog of the socket is 511. */
const OPENERS = 20;
const HELLO_BYTES = 4000;

export async function openStreams(url: string, count: number, ids: readonly string[]): Promise<Streams> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const { csrfToken } = (await (await fetch(`${url}/api/session`)).json()) as { readonly csrfToken: string };
  const open: IncomingMessage[] = [];
  let bytes = 0;
  let lost = 0;
  let isClosing = false;
  let left = count;

  async function one(): Promise<void> {
    const asked = request(`${url}/api/live`, { agent });
    asked.end();
    const [response]: IncomingMessage[] = await once(asked, 'response');
    if (response?.statusCode !== 200) throw new Error(`the stream was refused with ${response?.statusCode}`);
    open.push(response);
    const named = nameOf(response);
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    response.on('close', () => {
      lost += isClosing ? 0 : 1;
    });
    response.on('error', () => undefined);
    await show(url, { stream: await named, ids, csrfToken });
  }

  async function work(): Promise<void> {
    while (left > 0) {
      left -= 1;
      await one();
    }
  }
  await Promise.all(Array.from({ length: OPENERS }, work));
  return {
    takeBytes() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
    lost: () => lost,
    close() {
      isClosing = true;
      for (const response of open) response.destroy();
      agent.destroy();
    },
  };
}

async function show(
  url: string,
  { stream, ids, csrfToken }: { readonly stream: string; readonly ids: readonly string[]; readonly csrfToken: string },
): Promise<void> {
  const answer = await fetch(`${url}/api/live/${stream}/screen`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken },
    body: JSON.stringify({ ids }),
  });
  if (answer.status !== 204) throw new Error(`the screen was refused with ${answer.status}`);
}

/** Resolves with the name in the first event. */
function nameOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const look = (chunk: Buffer): void => {
      text = (text + String(chunk)).slice(0, HELLO_BYTES);
      const [, name] = /"stream":"([\w-]+)"/.exec(text) ?? [];
      if (name === undefined) return;
      response.off('data', look);
      resolve(name);
    };
    response.on('data', look);
    response.on('close', () => reject(new Error('the stream ended before it said its name')));
  });
}
