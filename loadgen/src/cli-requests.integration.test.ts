/** What the program sends, and what it keeps to itself. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));
const SECRET = 's3cret-value';

interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let received: Received[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    const { method, url: path, headers } = request;
    received.push({ method, path, headers, body });
    if (path !== '/never') response.end('hello');
  });
});
let url = '';
const folder = mkdtempSync(join(tmpdir(), 'foghorn-load-'));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, 'order.json'), '{"order":{{seq}},"user":"{{line users.txt}}"}');
  writeFileSync(join(folder, 'users.txt'), 'anna\nbert\n');
});
beforeEach(() => {
  received = [];
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly report: Record<string, unknown> | undefined;
  readonly complaint: string;
}

interface LoadOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called for each piece of output, which is a line of progress or of the report. */
  readonly onOutput?: (child: ChildProcess) => void;
}

async function load({ args, env = {}, onOutput }: LoadOptions): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, '--url', url, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, complaint] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    onOutput?.(child);
  });
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const last = output.split('\n').findLast((line) => line.startsWith('{"type":"report"'));
  const report = last === undefined ? undefined : (JSON.parse(last) as Record<string, unknown>);
  return { code, output, report, complaint };
}

describe('what foghorn-load sends', () => {
  it('is what it was asked for, with a value of its own in each request', async () => {
    const order = { method: 'POST', path: '/orders/{{seq}}', headers: { 'X-Own': 'n{{seq}}' }, bodyFile: 'order.json' };
    const headers = ['--header', 'X-Id: {{uuid}}', '--header', 'Accept: text/plain'];
    const args = ['--rate', '20', '--duration', '500ms', '--endpoint', JSON.stringify(order)];
    const { code, report } = await load({ args: [...args, ...headers] });
    expect([code, report?.['requests']]).toEqual([0, 10]);
    const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
    const seen = received.map((one) => [one.method, one.path, one.headers['x-own'], one.body].join(' '));
    expect(seen.toSorted()).toEqual(
      numbers.map((n) => `POST /orders/${n} n${n} {"order":${n},"user":"${n % 2 === 1 ? 'anna' : 'bert'}"}`).toSorted(),
    );
    expect(new Set(received.map((one) => one.headers['x-id'])).size).toBe(10);
    expect(received[0]?.headers).toMatchObject({ accept: 'text/plain', 'content-type': 'application/json' });
    expect(report?.['endpoints']).toMatchObject([{ name: 'POST /orders/{{seq}}' }]);
  });

  it.each([
    ['--basic-auth-env', `anna:${SECRET}`, `Basic ${Buffer.from(`anna:${SECRET}`).toString('base64')}`],
    ['--bearer-env', SECRET, `Bearer ${SECRET}`],
  ])('has the secret of %s, which is told nowhere else', async (option, value, expected) => {
    const args = ['--rate', '20', '--duration', '200ms', '--verbose', '--endpoint', '/?key={{env KEY}}'];
    const ended = await load({ args: [...args, option, 'AUTH'], env: { AUTH: value, KEY: SECRET } });
    expect(received.map(({ headers, path }) => [headers.authorization, path])).toEqual(
      Array.from({ length: 4 }, () => [expected, `/?key=${SECRET}`]),
    );
    expect(ended.report?.['requests']).toBe(4);
    expect(ended.output + ended.complaint).not.toContain(SECRET);
    expect(ended.output + ended.complaint).not.toContain(expected.split(' ')[1]);
  });

  it('has no header that a value smuggles in', async () => {
    const args = ['--header', 'x-a: {{env FORGED}}', '--rate', '10', '--duration', '1s'];
    const { code, complaint } = await load({ args, env: { FORGED: `${SECRET}\r\nx-evil: 1` } });
    expect([code, received]).toEqual([2, []]);
    expect(complaint).toMatch(/^foghorn-load: header x-a, column 1: .* no text for a header .*\n$/);
    expect(complaint).not.toContain(SECRET);
  });

  it('counts its warm-up apart', async () => {
    const { report } = await load({
      args: ['--rate', '20', '--duration', '200ms', '--endpoint', '/', '--warm-up', '200ms'],
    });
    expect(report).toMatchObject({ requests: 4, warmUp: { requests: 4, errors: 0 }, insecure: false });
    expect(received).toHaveLength(8);
  });
});

describe('a run of foghorn-load', () => {
  it('ends at once on the second signal, though answers are awaited', async () => {
    let pieces = 0;
    const { code, report } = await load({
      args: ['--rate', '20', '--endpoint', '/never', '--timeout', '1m'],
      onOutput: (child) => {
        pieces += 1;
        if (pieces <= 2) child.kill('SIGINT');
      },
    });
    expect([code, report]).toEqual([130, undefined]);
    expect(received.length).toBeGreaterThan(0);
  });

  it('tells that a host name has no address', async () => {
    const args = ['--url', 'http://nothing.invalid', '--endpoint', '/', '--rate', '10', '--duration', '300ms'];
    const { code, report } = await load({ args: [...args, '--timeout', '30s'] });
    expect([code, report?.['failures']]).toEqual([3, { dns: 3 }]);
  });
});
