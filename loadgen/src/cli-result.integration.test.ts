import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));
const server = createServer((request, response) => {
  response.statusCode = request.url === '/broken' ? 500 : 200;
  response.end('hello');
});
let url = '';
let folder = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'foghorn-load-'));
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly complaint: string;
}

async function run(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, complaint] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, lines: output.trimEnd().split('\n'), complaint };
}

async function load(path: string, args: readonly string[]): Promise<Ended & { readonly report: unknown }> {
  const ended = await run(['--url', url, '--endpoint', path, '--rate', '50', ...args]);
  return { ...ended, report: JSON.parse(ended.lines.at(-1) ?? '') };
}

function file(name: string): string {
  return join(folder, name);
}

describe('the result of foghorn-load', () => {
  it('is told second by second, and by the end', async () => {
    const { code, lines, report } = await load('/', ['--duration', '2s']);
    expect(code).toBe(0);
    const progress = JSON.parse(lines[0] ?? '') as { seconds: unknown[] };
    expect(progress.seconds[0]).toMatchObject({ startSeconds: 0, latencySeconds: {}, serviceTimeSeconds: {} });
    const { series } = report as { series: { steps: { sent: number; ok: number }[] } };
    expect(series.steps.reduce((sum, { sent }) => sum + sent, 0)).toBe(100);
    expect(series.steps.reduce((sum, { ok }) => sum + ok, 0)).toBe(100);
    expect(report).toMatchObject({ plannedRate: 50, generator: { cpu: {}, eventLoopDelaySeconds: {} } });
  });

  it.each([
    ['holds', '/', 0],
    ['does not hold', '/broken', 4],
  ])('has exit code by a threshold that %s', async (_name, path, expected) => {
    const { code, report } = await load(path, ['--duration', '300ms', '--threshold', 'errorRate < 0.5']);
    expect(code).toBe(expected);
    expect(report).toMatchObject({
      ended: 'completed',
      thresholds: [{ expr: 'errorRate < 0.5', passed: expected === 0 }],
    });
  });

  it('is that of a run that ended by a threshold, past its delay', async () => {
    const args = ['--duration', '1m', '--abort-threshold', 'errors < 1', '--abort-delay', '1500ms'];
    const { code, report } = await load('/broken', args);
    expect(code).toBe(4);
    expect((report as { durationSeconds: number }).durationSeconds).toBeGreaterThanOrEqual(1.5);
    expect(report).toMatchObject({ ended: 'stopped', thresholds: [{ passed: false, aborted: true }] });
  });

  it('goes into files, which can be compared', async () => {
    const outputs = ['run.json', 'run.csv', 'run.html'].flatMap((name) => ['--output', file(name)]);
    const { lines } = await load('/', ['--duration', '300ms', ...outputs]);
    expect(readFileSync(file('run.json'), 'utf8').trimEnd()).toBe(lines.at(-1));
    expect(readFileSync(file('run.csv'), 'utf8')).toMatch(/^start_seconds,.*\r\n0,\d+,/);
    expect(readFileSync(file('run.html'), 'utf8')).toContain('<svg');
    const compared = await run(['compare', file('run.json'), file('run.json'), '--fail-if-slower', '1%']);
    expect([compared.code, compared.lines.at(-1)]).toEqual([0, 'too short to tell']);
  });

  it('is in the other files when one cannot be written, and the exit code says so', async () => {
    const [full, good] = [file('full.json'), file('good.csv')];
    symlinkSync('/dev/full', full);
    const { code, complaint } = await load('/', ['--duration', '300ms', '--output', full, '--output', good]);
    expect(code).toBe(1);
    expect(complaint).toMatch(/^foghorn-load: --output ".*full\.json" could not be written: ENOSPC[^\n]*\n$/);
    expect(readFileSync(good, 'utf8')).toMatch(/^start_seconds,/);
  });

  it.each([
    [['compare', 'only-one.json'], 'foghorn-load: compare takes two reports'],
    [
      ['--url', 'http://127.0.0.1:1', '--threshold', 'latency.p95'],
      'foghorn-load: threshold "latency.p95" gives no bool',
    ],
    [['--url', 'http://127.0.0.1:1', '--output', 'report.pdf'], 'foghorn-load: --output "report.pdf"'],
  ])('is refused before anything is sent: %j', async (args, complaint) => {
    const ended = await run(args);
    expect(ended.code).toBe(2);
    expect(ended.complaint).toContain(complaint);
    expect(ended.complaint.trimEnd()).not.toContain('\n');
  });
});
