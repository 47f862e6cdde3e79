import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));

let requests = 0;
const server = createServer((request, response) => {
  if (request.url === '/hang') return;
  if (request.url === '/break') {
    response.writeHead(200, { 'content-length': '100' }).write('hello', () => request.socket.destroy());
    return;
  }
  requests += 1;
  response.end('hello');
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

interface Ended {
  readonly code: number | null;
  readonly lines: readonly Record<string, unknown>[];
  readonly complaint: string;
}

interface Circumstances {
  /** Called once the first progress is out. */
  readonly during?: (child: ChildProcess) => void;
  /** File descriptors that it may have. */
  readonly descriptors?: number;
}

async function load(
  args: readonly string[],
  { during = () => {}, descriptors = 1_000 }: Circumstances = {},
): Promise<Ended> {
  const command = ['-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh', process.execPath, CLI, ...args];
  const child = spawn('/bin/sh', command, { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, complaint] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    if (output === '') during(child);
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const lines = output.split('\n').filter((line) => line !== '');
  return { code, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), complaint };
}

describe('foghorn-load', () => {
  it('ends with a report that counts what the server counted', async () => {
    requests = 0;
    const { code, lines } = await load([
      '--url',
      url,
      '--rate',
      '100',
      '--duration',
      '500ms',
      '--verbose',
      '--seed',
      '1',
    ]);
    expect([code, requests]).toEqual([0, 50]);
    expect(lines.filter(({ type }) => type === 'request')).toHaveLength(50);
    expect(lines.at(-1)).toMatchObject({ type: 'report', requests: 50, ended: 'completed', statuses: { 200: 50 } });
  });

  it.concurrent.each([
    ['SIGTERM', '1m', 143],
    ['SIGINT', '1m', 130],
    ['SIGTERM', 'forever', 0],
  ] as const)('reports what it did on %s during %s', async (signal, duration, expected) => {
    const { code, lines } = await load(['--url', url, '--rate', '20', '--duration', duration], {
      during: (child) => child.kill(signal),
    });
    expect(code).toBe(expected);
    expect(lines[0]).toMatchObject({ type: 'progress', plannedRate: 20 });
    expect(lines.at(-1)).toMatchObject({ type: 'report', ended: 'stopped' });
  });

  it('refuses a bad option with one line', async () => {
    const { code, lines, complaint } = await load(['--url', url, '--level', 'max']);
    expect([code, lines]).toEqual([2, []]);
    expect(complaint).toBe(
      'foghorn-load: --level "max" is not known: choose low, medium, high, extreme (see --help)\n',
    );
  });

  it('blames its own machine for connections that could not be opened there', async () => {
    const plan = ['--rate', '200', '--duration', '500ms', '--concurrency', '100', '--timeout', '1s'];
    const { lines } = await load(['--url', url, '--endpoint', '/hang', ...plan], { descriptors: 60 });
    expect(lines.at(-1)).toMatchObject({ requests: 100, generator: { reliable: false } });
    const { failures } = lines.at(-1) as { failures: Record<string, number> };
    expect(Object.keys(failures)).toEqual(['local', 'timeout']);
  });

  it('says by its exit code that nobody answered', async () => {
    const { code, lines } = await load(['--url', 'http://127.0.0.1:1', '--rate', '10', '--duration', '300ms']);
    expect(code).toBe(3);
    expect(lines.at(-1)).toMatchObject({ requests: 3, errors: 3, failures: { refused: 3 } });
  });

  it('does not take answers that all broke off for answers', async () => {
    const { code, lines } = await load(['--url', url, '--endpoint', '/break', '--rate', '10', '--duration', '300ms']);
    expect(code).toBe(3);
    expect(lines.at(-1)).toMatchObject({ requests: 3, statuses: { 200: 3 }, failures: { reset: 3 } });
  });
});
