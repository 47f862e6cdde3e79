/**
 * What kubectl and its like wait for, over HTTPS with many objects stored: latency of server-side apply, of get, and from a
 * write until a watcher has it; memory of the server. Next to it plain SQLite, which writes and reads the same JSON with
 * no checks, no versions and no network.
 * Usage: node bench/apiserver/main.ts [--objects 10000] [--samples 1000] [--limit-ms 20]
 * Exit code 1 when the 99th percentile of apply is above the limit.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({
  options: {
    objects: { type: 'string', default: '10000' },
    samples: { type: 'string', default: '1000' },
    'limit-ms': { type: 'string', default: '20' },
    port: { type: 'string', default: '16449' },
  },
});
const objects = Number(flags.objects);
const samples = Number(flags.samples);
const MEBIBYTE = 1024 * 1024;
/** As many requests at a time as fill the store without waiting for one another. */
const FILLERS = 4;
const PATH = '/apis/foghorn.dev/v1alpha1/namespaces/default/monitorpolicies';

const folder = mkdtempSync(join(tmpdir(), 'foghorn-bench-apiserver-'));
const server = await serve();
const connection = {
  host: '127.0.0.1',
  port: Number(flags.port),
  ca: readFileSync(join(folder, 'data/pki/ca.crt')),
  agent: new Agent({ keepAlive: true, maxSockets: FILLERS + 1 }),
};
const authorization = `Bearer ${readFileSync(join(folder, 'data/pki/tokens.csv'), 'utf8').split(',')[0] ?? ''}`;

async function serve(): Promise<ChildProcess> {
  const script = join(import.meta.dirname, '../../e2e/kubectl/serve.ts');
  const child = spawn(process.execPath, [script, '--data', join(folder, 'data'), '--port', flags.port], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data', { signal: AbortSignal.timeout(20_000) });
  return child;
}

async function ask(method: 'GET' | 'PATCH', path: string, body = ''): Promise<string> {
  const headers = { authorization, 'content-type': 'application/apply-patch+yaml', accept: 'application/json' };
  const asked = request({ ...connection, method, path, headers });
  asked.end(body);
  const [response] = await once(asked, 'response');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${text}`);
  return text;
}

function policy(index: number, interval: number): string {
  return JSON.stringify({
    apiVersion: 'foghorn.dev/v1alpha1',
    kind: 'MonitorPolicy',
    metadata: { name: nameOf(index), labels: { team: `team-${index % 20}` } },
    spec: {
      selector: { matchLabels: { app: `app-${index}` } },
      interval: `${interval}s`,
      rules: [
        { name: 'down', severity: 'critical', expr: '!up' },
        { name: 'cpu', severity: 'warning', expr: 'cpu > 60.0', for: '2m' },
      ],
    },
  });
}

function nameOf(index: number): string {
  return `policy-${index}`;
}

const apply = (index: number, interval: number): Promise<string> =>
  ask('PATCH', `${PATH}/${nameOf(index)}?fieldManager=bench`, policy(index, interval));

async function fill(): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < objects) await apply(next++, 30);
  };
  await Promise.all(Array.from({ length: FILLERS }, work));
}

/** Milliseconds of each call, one after the other, each on another object. */
async function time(call: (index: number, sample: number) => Promise<unknown> | undefined): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const begin = performance.now();
    // A step that shares no factor with the number of objects goes through all of them.
    await call((sample * 7919) % objects, sample);
    taken.push(performance.now() - begin);
  }
  return taken;
}

/** From the sending of a write until the line of a watcher tells of it. */
async function timeWatch(): Promise<readonly number[]> {
  const list: unknown = JSON.parse(await ask('GET', `${PATH}?limit=1`));
  const version = /"resourceVersion":"(\d+)"/.exec(JSON.stringify(list))?.[1] ?? '';
  const asked = request({
    ...connection,
    path: `${PATH}?watch=true&resourceVersion=${version}`,
    headers: { authorization },
  });
  asked.end();
  const [response] = await once(asked, 'response');
  const lines = createInterface({ input: response });
  const taken = await time(async (index, sample) => {
    const told = once(lines, 'line');
    await Promise.all([apply(index, 3600 + sample), told]);
  });
  lines.close();
  response.destroy();
  return taken;
}

/** The same JSON into a plain table, each in its own transaction that is on the disk, and out again. */
async function timeSqlite(): Promise<{ readonly write: readonly number[]; readonly read: readonly number[] }> {
  const database = new DatabaseSync(join(folder, 'plain.db'));
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE plain (name TEXT PRIMARY KEY, json TEXT)',
  );
  const insert = database.prepare('INSERT OR REPLACE INTO plain VALUES (?, ?)');
  const select = database.prepare('SELECT json FROM plain WHERE name = ?');
  database.exec('BEGIN');
  for (let index = 0; index < objects; index += 1) insert.run(nameOf(index), policy(index, 30));
  database.exec('COMMIT');
  const write = await time((index, sample) => {
    insert.run(nameOf(index), policy(index, 60 + sample));
    return undefined;
  });
  const read = await time((index) => {
    JSON.parse(String(select.get(nameOf(index))?.['json']));
    return undefined;
  });
  database.close();
  return { write, read };
}

function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
}

function report(name: string, values: readonly number[], plain: readonly number[]): void {
  const [p50, p99] = [percentile(values, 0.5), percentile(values, 0.99)];
  const ratio = p50 / percentile(plain, 0.5);
  console.log(
    `${name.padEnd(34)} ${p50.toFixed(2).padStart(8)} ${p99.toFixed(2).padStart(8)} ${`${ratio.toFixed(1)} x`.padStart(12)}`,
  );
}

function residentMebibytes(): number {
  const pages = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(server.pid)}/status`, 'utf8'))?.[1];
  return (Number(pages) * 1024) / MEBIBYTE;
}

try {
  const emptyMebibytes = residentMebibytes();
  const begin = performance.now();
  await fill();
  const fillS = (performance.now() - begin) / 1000;
  console.log(`${objects} objects applied over HTTPS in ${fillS.toFixed(1)} s, ${FILLERS} at a time`);
  const applied = await time((index, sample) => apply(index, 60 + sample));
  const read = await time((index) => ask('GET', `${PATH}/${nameOf(index)}`));
  const watched = await timeWatch();
  const full = residentMebibytes();
  const plain = await timeSqlite();
  console.log(`\n${'ms'.padEnd(34)} ${'p50'.padStart(8)} ${'p99'.padStart(8)} ${'plain SQLite'.padStart(12)}`);
  report('apply (server-side, one change)', applied, plain.write);
  report('write until a watcher has it', watched, plain.write);
  report('get', read, plain.read);
  report('plain SQLite: write', plain.write, plain.write);
  report('plain SQLite: read', plain.read, plain.read);
  console.log(
    `\nresident memory: ${emptyMebibytes.toFixed(0)} MiB empty, ${full.toFixed(0)} MiB with ${objects} objects`,
  );
  if (percentile(applied, 0.99) > Number(flags['limit-ms'])) process.exitCode = 1;
} finally {
  server.kill('SIGTERM');
  await once(server, 'exit');
  connection.agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
