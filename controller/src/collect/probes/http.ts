import { unescape } from 'node:querystring';
import { Client, type Dispatcher } from 'undici';
import type { HttpProbeSpec } from '../../model/policy.ts';
import { classifyFailure, failure, type ProbeOutcome } from './failure.ts';
import { startStopwatch } from '../../clock.ts';

/** A health answer is small; of a larger one no more than this is read. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * One request on a connection of its own, so that each look goes the way of a new user: name, TCP, TLS, answer.
 * Redirects are not followed: a 3xx is the answer. `latencyMs` is the time until the whole body was read, or its
 * first 64 KiB. When the body breaks off, `status` is there and `latencyMs` is not. Throws socket, TLS and undici errors.
 */
export async function probeHttp(spec: HttpProbeSpec, signal: AbortSignal): Promise<ProbeOutcome> {
  const request = buildRequest(spec);
  if (request === undefined) return { up: false, error: failure('config', 'the address is not an http or https URL') };
  const client = new Client(request.origin, {
    pipelining: 0,
    allowH2: false,
    maxCachedSessions: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    connectTimeout: spec.timeoutMs,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  try {
    const elapsedMs = startStopwatch();
    const answer = await client.request({ path: request.path, method: spec.method, headers: request.headers, signal });
    const broken = await drain(answer, signal);
    if (broken !== undefined) return { up: false, status: answer.statusCode, error: broken };
    return judge(spec, answer.statusCode, elapsedMs());
  } finally {
    await client.destroy();
  }
}

async function drain(answer: Dispatcher.ResponseData, signal: AbortSignal): Promise<ProbeOutcome['error']> {
  try {
    let bytes = 0;
    for await (const chunk of answer.body) {
      bytes += Buffer.isBuffer(chunk) ? chunk.length : 0;
      if (bytes >= MAX_BODY_BYTES) break;
    }
    return undefined;
  } catch (error) {
    return classifyFailure(signal.aborted ? signal.reason : error);
  }
}

function judge(spec: HttpProbeSpec, status: number, latencyMs: number): ProbeOutcome {
  if (spec.expectedStatus.includes(status)) return { up: true, status, latencyMs };
  const expected = spec.expectedStatus.join(' or ');
  return { up: false, status, latencyMs, error: failure('status', `answered ${status}, expected ${expected}`) };
}

interface HttpRequest {
  readonly origin: string;
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** Undefined when the address cannot be asked. User and password of the address become basic authentication. */
function buildRequest(spec: HttpProbeSpec): HttpRequest | undefined {
  const url = URL.parse(spec.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const headers: Record<string, string> = { 'user-agent': 'foghorn', accept: '*/*' };
  if (url.username !== '' || url.password !== '') headers['authorization'] = basicAuthorization(url);
  for (const [name, value] of Object.entries(spec.headers)) headers[name.toLowerCase()] = value;
  return { origin: url.origin, path: url.pathname + url.search, headers };
}

/** A stray percent sign stands for itself. */
function basicAuthorization(url: URL): string {
  const pair = `${unescape(url.username)}:${unescape(url.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
