import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import type { LogOptions } from '../../model/container.ts';
import type { HostRuntime } from '../runtime.ts';
import { createDockerRuntime } from './runtime.ts';
import { createScriptedEngine, type ScriptedEngine } from './scripted-engine.ts';

const config = { statsSource: 'engine-api', hostCgroupDir: '/nowhere', hostProcDir: '/nowhere' } as const;
const whole: LogOptions = { follow: false, timestamps: false };
const hello = Buffer.from([1, 0, 0, 0, 0, 0, 0, 6, ...Buffer.from('hello\n')]);

let engine: ScriptedEngine;
let runtime: HostRuntime;
let client: AbortController;

beforeEach(async () => {
  const clock = createFakeClock();
  client = new AbortController();
  engine = await createScriptedEngine('28.5.2', () => clock.now());
  engine.run('framed');
  engine.run('terminal', { config: { Tty: true } });
  const host = { name: 'here', url: engine.url };
  runtime = createDockerRuntime({ host, config, clock, log: createSilentLog() });
  runtime.start();
  await vi.waitUntil(() => runtime.targets().length === 2, { timeout: 30_000 });
});

afterEach(async () => {
  await runtime.stop();
  await engine.close();
});

function answerLogs(handler: (response: ServerResponse) => void): void {
  engine.answer(/\/logs/, (_request, response) => {
    handler(response);
  });
}

async function read(id: string, options: LogOptions = whole): Promise<string> {
  let output = '';
  for await (const { stream, bytes } of await runtime.logs(id, options, client.signal)) {
    output += `${stream}:${Buffer.from(bytes).toString()}`;
  }
  return output;
}

describe('logs of the Docker runtime', () => {
  it('takes the frames of a container apart', async () => {
    answerLogs((response) => response.end(hello));
    expect(await read('here/framed')).toBe('stdout:hello\n');
  });

  it('hands on the output of a terminal as it is', async () => {
    answerLogs((response) => response.end('hello\r\n'));
    expect(await read('here/terminal')).toBe('stdout:hello\r\n');
  });

  it.each<readonly [LogOptions, string]>([
    [whole, 'stdout=1&stderr=1&follow=0&timestamps=0'],
    [{ follow: true, timestamps: true, tailLines: 5 }, 'stdout=1&stderr=1&follow=1&timestamps=1&tail=5'],
    [
      { ...whole, sinceMs: 1_700_000_000_123, untilMs: 1_700_000_001_000 },
      'stdout=1&stderr=1&follow=0&timestamps=0&since=1700000000.123&until=1700000001.000',
    ],
  ])('asks for %j', async (options, query) => {
    answerLogs((response) => response.end());
    await read('here/framed', options);
    expect(engine.asked.find((path) => path.includes('/logs'))).toMatch(
      new RegExp(`^/containers/0+1/logs\\?${query}$`),
    );
  });

  it('ends quietly with the client, and lets the engine go', async () => {
    const closed = Promise.withResolvers<void>();
    answerLogs((response) => {
      response.on('close', () => closed.resolve());
      response.write(hello);
    });
    const output = (await runtime.logs('here/framed', { ...whole, follow: true }, client.signal))[
      Symbol.asyncIterator
    ]();
    expect((await output.next()).done).toBe(false);
    client.abort();
    expect((await output.next()).done).toBe(true);
    await closed.promise;
  });

  it('ends with the runtime', async () => {
    answerLogs((response) => response.write(hello));
    const output = (await runtime.logs('here/framed', { ...whole, follow: true }, client.signal))[
      Symbol.asyncIterator
    ]();
    await output.next();
    await runtime.stop();
    expect((await output.next()).done).toBe(true);
  });

  it.each([
    [404, 'No such container: x', 'NotFound'],
    [501, 'configured logging driver does not support reading', 'BadRequest'],
    [500, 'configured logging driver does not support reading', 'BadRequest'],
    [500, 'out of order', 'Unavailable'],
  ])('says what an answer %i "%s" means', async (status, message, code) => {
    answerLogs((response) => response.writeHead(status).end(JSON.stringify({ message })));
    await expect(read('here/framed')).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('says when the engine breaks off', async () => {
    answerLogs((response) => {
      response.write(hello, () => response.destroy());
    });
    await expect(read('here/framed')).rejects.toMatchObject({ code: 'Unavailable' });
  });

  it('refuses while the engine is away', async () => {
    engine.answer(/./, (_request, response) => response.destroy());
    engine.cutStreams();
    await expect.poll(() => runtime.status().reachable).toBe(false);
    await expect(read('here/framed')).rejects.toMatchObject({ code: 'Unavailable' });
  });
});
