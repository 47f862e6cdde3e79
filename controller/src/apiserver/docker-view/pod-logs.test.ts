import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { FoghornError } from '../../errors.ts';
import { buildTarget } from '../../model/builders.ts';
import type { Container, LogChunk, LogOptions } from '../../model/container.ts';
import { buildContainer } from './builders.ts';
import { parseLogOptions } from './log-options.ts';
import { createPodLogs, type PodLogs } from './pod-logs.ts';
import { nameContainers } from './pod-names.ts';

const pod = { namespace: 'default', name: 'web' };
const startedAt = Date.UTC(2026, 0, 13, 9, 0, 1);
const nowMs = Date.UTC(2026, 0, 13, 10, 0, 0);

let container: Container;
let asked: LogOptions[];
let answer: () => Promise<AsyncIterable<LogChunk>>;
let client: AbortController;
let podLogs: PodLogs;

beforeEach(() => {
  container = buildContainer({ target: buildTarget(), startedAt });
  asked = [];
  client = new AbortController();
  answer = async () => written('one\n', 'two\n');
  podLogs = createPodLogs({
    named: () => nameContainers([container]),
    logs: (_, options) => {
      asked.push(options);
      return answer();
    },
    clock: createFakeClock(nowMs),
  });
});

async function* written(...texts: readonly string[]): AsyncGenerator<LogChunk, void> {
  for (const text of texts) yield { stream: 'stdout', bytes: Buffer.from(text) };
}

async function read(query = '', of = pod): Promise<string> {
  let output = '';
  const options = parseLogOptions(new URLSearchParams(query));
  for await (const bytes of await podLogs(of, options, client.signal)) output += Buffer.from(bytes).toString();
  return output;
}

describe('podLogs', () => {
  it('gives what was written', async () => {
    expect(await read()).toBe('one\ntwo\n');
  });

  it.each<readonly [string, number, Partial<LogOptions>]>([
    ['', 0, { follow: false, timestamps: false }],
    ['follow=true&timestamps=true&tailLines=5', 0, { follow: true, timestamps: true, tailLines: 5 }],
    ['sinceSeconds=60', 0, { sinceMs: nowMs - 60_000 }],
    ['sinceTime=2026-01-13T09:59:00Z', 0, { sinceMs: nowMs - 60_000 }],
    ['', 2, { sinceMs: startedAt }],
    ['sinceSeconds=60', 2, { sinceMs: nowMs - 60_000 }],
    ['sinceSeconds=86400', 2, { sinceMs: startedAt }],
    ['previous=true&follow=true', 2, { follow: false, untilMs: startedAt }],
    ['previous=true&tailLines=1', 2, { untilMs: startedAt }],
  ])('asks for "%s" of a container restarted %i times', async (query, restarts, options) => {
    container = { ...container, restarts };
    await read(query);
    expect(asked).toEqual([expect.objectContaining(options)]);
    const bounds = [asked[0]?.sinceMs, asked[0]?.untilMs, asked[0]?.tailLines];
    expect(bounds).toEqual([options.sinceMs, options.untilMs, options.tailLines]);
  });

  it.each([
    ['limitBytes=1', 'o'],
    ['limitBytes=4', 'one\n'],
    ['limitBytes=6', 'one\ntw'],
    ['limitBytes=99', 'one\ntwo\n'],
  ])('gives no more than %s', async (query, output) => {
    expect(await read(query)).toBe(output);
  });

  it.each([
    ['container=other', 'container other is not valid for pod web', 400],
    ['previous=true', 'previous terminated container "web" in pod "web" not found', 400],
  ])('refuses %s', async (query, message, code) => {
    await expect(read(query)).rejects.toMatchObject({ status: { message, code } });
    expect(asked).toEqual([]);
  });

  it('takes the last lines of the runs before itself', async () => {
    container = { ...container, restarts: 1 };
    expect(await read('previous=true&tailLines=1')).toBe('two\n');
  });

  it('knows the container by its name', async () => {
    expect(await read('container=web')).toBe('one\ntwo\n');
  });

  it('refuses a pod that is not there, or not in this namespace', async () => {
    await expect(read('', { ...pod, namespace: 'shop' })).rejects.toMatchObject({
      status: { message: 'pods "web" not found', code: 404 },
    });
  });

  it('says that a container was never started', async () => {
    container = { ...container, state: 'created', startedAt: undefined };
    await expect(read()).rejects.toMatchObject({
      status: { message: 'container "web" in pod "web" is waiting to start: Created', code: 400 },
    });
  });

  it.each([
    ['NotFound', 404],
    ['BadRequest', 400],
    ['Unavailable', 503],
  ] as const)('words a fault %s of the host as a Status', async (code, status) => {
    answer = () => Promise.reject(new FoghornError(code, 'no'));
    await expect(read()).rejects.toMatchObject({ status: { code: status } });
  });

  it('reads a bounded number at a time, and more as soon as clients are gone', async () => {
    const options = parseLogOptions(new URLSearchParams());
    const open = () => podLogs(pod, options, client.signal);
    await Promise.all(Array.from({ length: 32 }, open));
    await expect(open()).rejects.toMatchObject({ status: { code: 503 } });
    client.abort();
    client = new AbortController();
    for (let reads = 0; reads < 40; reads += 1) expect(await read()).toBe('one\ntwo\n');
  });
});

describe('parseLogOptions', () => {
  it.each(['tailLines=-1', 'tailLines=x', 'sinceSeconds=0', 'limitBytes=0', 'sinceTime=yesterday'])(
    'refuses %s',
    (query) => {
      const parse = () => parseLogOptions(new URLSearchParams(query));
      expect(parse).toThrow(expect.objectContaining({ status: expect.objectContaining({ code: 422 }) }));
    },
  );

  it('refuses two beginnings', () => {
    const query = new URLSearchParams('sinceSeconds=1&sinceTime=2026-01-13T09:59:00Z');
    expect(() => parseLogOptions(query)).toThrow('at most one of `sinceTime` or `sinceSeconds` may be specified');
  });
});
