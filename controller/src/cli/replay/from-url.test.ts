import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { readFromUrl } from './from-url.ts';

const container = { id: 'local/shop/web/1', name: 'shop-web-1', host: 'local', namespace: 'shop', image: 'web:1' };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const now = Date.UTC(2026, 0, 13, 10, 0, 0);

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(
  answer: (url: URL, authorization: string | undefined) => unknown,
): Promise<{ readonly url: string; readonly asked: URL[] }> {
  const asked: URL[] = [];
  const listening = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    asked.push(url);
    const body = answer(url, request.headers.authorization);
    response.statusCode = body === undefined ? 500 : body === 'no' ? 401 : 200;
    response.end(JSON.stringify(body ?? {}));
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, asked };
}

const points = (metric: string | null): readonly unknown[] => {
  if (metric === 'cpu') return [{ at: now - MINUTE_MS, min: 1, mean: 2, max: 3 }];
  return metric === 'up' ? [{ at: now - MINUTE_MS, min: 0, mean: 0.5, max: 1 }] : [];
};

describe('the history of a running controller', () => {
  it('is put together from its series: means, and down where it was seen down', async () => {
    const { url } = await serve(({ pathname, searchParams }) =>
      pathname === '/api/state'
        ? { containers: [container] }
        : { resolutionMs: MINUTE_MS, points: points(searchParams.get('metric')) },
    );
    const [recorded] = await readFromUrl({ url, token: undefined }, now - HOUR_MS, now);
    expect(recorded).toMatchObject({
      target: { ...container, labels: { 'com.docker.compose.service': 'web' } },
      samples: [{ at: now - MINUTE_MS, values: { cpu: 2, up: 0 } }],
      resolutionMs: MINUTE_MS,
    });
  });

  it('is asked for with a token, below the path that it is served under', async () => {
    const { url, asked } = await serve(({ pathname }, authorization) => {
      if (authorization !== 'Bearer secret') return 'no';
      return pathname === '/foghorn/api/state' ? { containers: [container] } : { resolutionMs: 0, points: [] };
    });
    expect(await readFromUrl({ url: `${url}/foghorn`, token: 'secret' }, now - HOUR_MS, now)).toHaveLength(1);
    expect(new Set(asked.map(({ pathname }) => pathname))).toEqual(
      new Set(['/foghorn/api/state', '/foghorn/api/history']),
    );
  });

  it('is asked for its fine part apart from the rest', async () => {
    const { url, asked } = await serve(({ pathname }) =>
      pathname === '/api/state' ? { containers: [container] } : { resolutionMs: 0, points: [] },
    );
    await readFromUrl({ url, token: undefined }, now - 24 * HOUR_MS, now);
    const spans = asked.filter(({ searchParams }) => searchParams.get('metric') === 'cpu');
    expect(spans.map(({ searchParams }) => Number(searchParams.get('to')))).toEqual([now - 21_000_001, now]);
  });

  it.each([
    ['fails', (): unknown => undefined, 'HTTP 500'],
    ['wants a token', (): unknown => 'no', 'FOGHORN_TOKEN'],
    ['is another one', (): unknown => ({ hello: 1 }), 'does not answer as Foghorn does'],
  ])('is refused from a server that %s', async (_name, answer, words) => {
    const { url } = await serve(answer);
    await expect(readFromUrl({ url, token: undefined }, now - HOUR_MS, now)).rejects.toThrow(words);
  });
});
