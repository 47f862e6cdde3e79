import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, copyFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../controller/src/free-port.ts';
import { endProcess } from '../child-process.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
export const recordings: string = join(fixtures, 'recordings');

const ADMIN_TOKEN = 'token-of-the-admin';
const NOBODY_TOKEN = 'token-of-dev-without-rights';
const START_TIMEOUT_MS = 60_000;
const RUN_TIMEOUT_MS = 880_000;

export interface CasesRun {
  /** Names of the cases that were run. */
  readonly names: readonly string[];
  /** What differs from the recordings, by name. */
  readonly differences: ReadonlyMap<string, string>;
}

/** Serves the sample definition on a new folder, runs the recorded cases against it with kubectl, and compares. */
export async function runRecordedCases(kubectl: string): Promise<CasesRun> {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-cases-'));
  const [port, proxyPort] = [await freePort(), await freePort()];
  const server = await serve(folder, port);
  try {
    const out = join(folder, 'out');
    await run([
      join(fixtures, 'tools/run.mjs'),
      ...flags({
        server: `https://127.0.0.1:${port}`,
        port: String(proxyPort),
        kubectl,
        ca: join(folder, 'data/pki/ca.crt'),
        'admin-token': ADMIN_TOKEN,
        'dev-token': NOBODY_TOKEN,
        out,
      }),
    ]);
    const text = await run([join(fixtures, 'tools/compare.mjs'), recordings, out, '--verbose']);
    const names = readdirSync(out).filter((name) => /^\d+-.*\.json$/.test(name));
    return { names: names.map((name) => name.replace(/\.json$/, '')), differences: parseDifferences(text) };
  } finally {
    await endProcess(server);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function serve(folder: string, port: number) {
  const crds = join(folder, 'crds');
  mkdirSync(crds);
  copyFileSync(join(fixtures, 'tools/sample-crd.yaml'), join(crds, 'sample-crd.yaml'));
  const tokens = join(folder, 'tokens.csv');
  writeFileSync(tokens, `${ADMIN_TOKEN},admin,admin,"system:masters"\n${NOBODY_TOKEN},dev,dev,"developers"\n`);
  const server = spawn(
    process.execPath,
    [join(import.meta.dirname, 'serve.ts'), ...flags({ crds, data: join(folder, 'data'), port: String(port), tokens })],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [first] = await once(server.stdout, 'data', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
  if (!String(first).startsWith('serving')) throw new Error(`the server says ${String(first)}`);
  return server;
}

function flags(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}

/** What a script of node writes. */
async function run(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: RUN_TIMEOUT_MS });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  // Not its exit: what it wrote last may come after that.
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args[0] ?? ''} ended with ${String(code)}:\n${text.slice(-2000)}`);
  return text;
}

function parseDifferences(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^## /m).slice(1);
  return new Map(parts.map((part) => [/^\S+(?=\.json)/.exec(part)?.[0] ?? part, part]));
}

export function readReasons(file: string): ReadonlyMap<string, string> {
  const found: unknown = JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'));
  return new Map(Object.entries(Object(found)).map(([name, reason]) => [name, String(reason)]));
}
