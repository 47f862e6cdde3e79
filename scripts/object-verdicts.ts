import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';

/** An object of one of our kinds, and what a real API server says of it. */
export interface ObjectCase {
  readonly object: Readonly<Record<string, unknown>> & { readonly kind: string; readonly metadata: { name?: string } };
  /** What it replaces, with that status. */
  readonly old?: Readonly<Record<string, unknown>>;
  readonly status?: unknown;
  readonly fieldValidation?: string;
  readonly verdict: ObjectVerdict;
}

interface ObjectVerdict {
  readonly code: number;
  readonly message?: string;
  readonly causes?: readonly Cause[];
  readonly spec?: unknown;
}

interface Cause {
  readonly message: string;
  readonly field: string;
}

/** What is used of an answer: of an object, or of a Status. */
interface Answer {
  readonly code: number;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly metadata: Readonly<Record<string, unknown>>;
    readonly spec?: unknown;
    readonly message?: string;
    readonly details?: { readonly causes?: readonly Cause[] };
  };
}

const crdDirectory = join(import.meta.dirname, '../crds');
const CALL_TIMEOUT_MS = 30_000;
const GROUP = '/apis/foghorn.dev/v1alpha1/namespaces/default';

/** The cases with what the server of KUBECONFIG says of them now; it must have the definitions of crds/. */
export async function judgeObjects<Case extends ObjectCase>(
  cases: readonly Case[],
  crdFiles: readonly string[],
): Promise<readonly Case[]> {
  await using proxy = await startProxy();
  const plurals = new Map(crdFiles.map(pluralOf));
  const judged: Case[] = [];
  for (const one of cases) {
    const collection = `${proxy.url}${GROUP}/${plurals.get(one.object.kind) ?? ''}`;
    judged.push({ ...one, verdict: await judge(collection, one) });
  }
  return judged;
}

async function judge(collection: string, { object, old, status, fieldValidation }: ObjectCase): Promise<ObjectVerdict> {
  const query = `?fieldValidation=${fieldValidation ?? 'Strict'}`;
  const path = `${collection}/${object.metadata.name ?? ''}`;
  try {
    if (old === undefined) return verdictOf(await send('POST', `${collection}${query}`, object));
    let before = await accepted('POST', collection, old);
    if (status !== undefined) before = await accepted('PUT', `${path}/status`, { ...before, status });
    const { resourceVersion } = before.metadata;
    const metadata = { ...object.metadata, resourceVersion };
    return verdictOf(await send('PUT', `${path}${query}`, { ...object, metadata }));
  } finally {
    // A name that was refused may be of no object.
    if (object.metadata.name !== undefined) await send('DELETE', path);
  }
}

function verdictOf({ code, body }: Answer): ObjectVerdict {
  if (code < 300) return { code, spec: body.spec };
  const causes = body.details?.causes;
  if (causes === undefined) return { code, message: body.message ?? '' };
  return { code, causes: causes.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1)) };
}

/** The server tells causes in another order each time. */
function placeOf({ field, message }: Cause): string {
  return `${field} ${message}`;
}

async function accepted(method: string, url: string, object: object): Promise<Answer['body']> {
  const { code, body } = await send(method, url, object);
  if (code >= 300) throw new Error(`${method} ${url}: ${body.message}`);
  return body;
}

async function send(method: string, url: string, object?: object): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: object === undefined ? null : JSON.stringify(object),
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  return { code: response.status, body: (await response.json()) as Answer['body'] };
}

function pluralOf(file: string): readonly [kind: string, plural: string] {
  const { spec } = parse(readFileSync(join(crdDirectory, file), 'utf8')) as {
    readonly spec: { readonly names: { readonly kind: string; readonly plural: string } };
  };
  return [spec.names.kind, spec.names.plural];
}

/** kubectl knows how to sign in; what it proxies, anybody may ask in plain HTTP. */
async function startProxy(): Promise<AsyncDisposable & { readonly url: string }> {
  const child = spawn('kubectl', ['proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const [line] = (await once(createInterface(child.stdout), 'line', {
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  })) as readonly string[];
  const address = /127\.0\.0\.1:\d+/.exec(line ?? '')?.[0];
  return {
    url: `http://${address}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
