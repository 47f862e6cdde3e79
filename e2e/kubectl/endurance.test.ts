import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { createServedApi, textOf, type ServedApi } from './served-api.ts';

const SILENCES = '/apis/foghorn.dev/v1alpha1/namespaces/default/silences';
const TIMEOUT_MS = 240_000;
const WRITES = 1000;
const WRITERS = 8;
const WATCHERS = 1000;
/** What the process may take with a thousand TLS connections; it starts at about 150 MB. */
const MAX_RESIDENT_BYTES = 600_000_000;

function silence(name: string): string {
  return JSON.stringify({
    apiVersion: 'foghorn.dev/v1alpha1',
    kind: 'Silence',
    metadata: { name },
    spec: { duration: '1h' },
  });
}

interface Seen {
  readonly name: string;
  readonly version: number;
}

/** Collects what a watch tells, until its connection ends. */
async function follow(response: IncomingMessage, seen: Seen[]): Promise<void> {
  try {
    for await (const line of createInterface({ input: response })) {
      const { object } = JSON.parse(line);
      seen.push({ name: object.metadata.name, version: Number(object.metadata.resourceVersion) });
    }
  } catch (error) {
    // The server was killed: the connection breaks, and the last line may be torn.
    if (!(error instanceof SyntaxError) && !(error instanceof Error && 'code' in error)) throw error;
  }
}

let api: ServedApi;
afterEach(() => api.dispose());

describe('the embedded API', { timeout: TIMEOUT_MS }, () => {
  it('keeps every acknowledged write through kill -9, and watchers resume without a gap', async () => {
    api = await createServedApi(WRITERS + 4);
    await api.start();
    const begin = Number(JSON.parse(await textOf(await api.send('GET', SILENCES))).metadata.resourceVersion);
    const acknowledged = new Map<string, number>();
    const seen: Seen[] = [];
    let next = 0;

    const write = async (until: number): Promise<void> => {
      while (next < until) {
        const name = `s-${next++}`;
        const response = await api.send('POST', SILENCES, silence(name)).catch(() => undefined);
        if (response?.statusCode !== 201) return;
        const text = await textOf(response).catch(() => undefined);
        if (text !== undefined) acknowledged.set(name, Number(JSON.parse(text).metadata.resourceVersion));
      }
    };
    const watch = async (): Promise<void> => {
      const since = seen.at(-1)?.version ?? begin;
      await follow(await api.send('GET', `${SILENCES}?watch=true&resourceVersion=${since}`), seen);
    };

    for (const killAt of [150, 400, 700]) {
      const watching = watch();
      const writing = Promise.all(Array.from({ length: WRITERS }, () => write(WRITES)));
      while (acknowledged.size < killAt) await new Promise((resolve) => setImmediate(resolve));
      await api.kill();
      await writing;
      await watching;
      await api.start();
    }
    const lastWatch = watch();
    await Promise.all(Array.from({ length: WRITERS }, () => write(WRITES)));
    const { items } = JSON.parse(await textOf(await api.send('GET', SILENCES)));
    const stored = new Map<string, number>(
      items.map(({ metadata }: { metadata: { name: string; resourceVersion: string } }) => [
        metadata.name,
        Number(metadata.resourceVersion),
      ]),
    );
    await expect.poll(() => seen.length).toBe(stored.size);
    await api.kill();
    await lastWatch;

    expect([...acknowledged].filter(([name, version]) => stored.get(name) !== version)).toEqual([]);
    expect(new Set(stored.values()).size).toBe(stored.size);
    expect(seen.map(({ version }) => version)).toEqual([...stored.values()].toSorted((a, b) => a - b));
  });

  it('tells a thousand watchers of a write, within bounded memory', async () => {
    api = await createServedApi(WATCHERS + 2);
    await api.start();
    const since = JSON.parse(await textOf(await api.send('GET', SILENCES))).metadata.resourceVersion;
    const told = await Promise.all(
      Array.from({ length: WATCHERS }, async () => {
        const seen: Seen[] = [];
        const response = await api.send('GET', `${SILENCES}?watch=true&resourceVersion=${since}`);
        return { seen, done: follow(response, seen) };
      }),
    );
    expect((await api.send('POST', SILENCES, silence('heard'))).statusCode).toBe(201);
    expect((await api.send('POST', SILENCES, silence('others-are-not-delayed'))).statusCode).toBe(201);
    await expect.poll(() => told.filter(({ seen }) => seen.length === 2).length, { timeout: 60_000 }).toBe(WATCHERS);
    expect(api.residentBytes()).toBeLessThan(MAX_RESIDENT_BYTES);
    await api.kill();
    await Promise.all(told.map(({ done }) => done));
  });
});
