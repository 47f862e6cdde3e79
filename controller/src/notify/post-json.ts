import { createHmac } from 'node:crypto';
import { unescape } from 'node:querystring';
import { Client, type Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import { errorCode, errorMessage } from '../errors.ts';
import type { Fence } from '../model/leadership.ts';
import type { Delivery } from '../model/notification.ts';
import { cleanLine } from './render/clean.ts';

export interface PostRequest {
  readonly url: string;
  readonly body: unknown;
  /** Of the message: the other end may drop one that it has seen. */
  readonly id?: string | undefined;
  /** Key of the signature; absent for none. */
  readonly secret?: string | undefined;
  /** Before it goes; absent: it may. */
  readonly fence?: Fence | undefined;
}

/** For the whole call. */
export const POST_TIMEOUT_MS = 10_000;
/** Of an answer, for people. */
const MAX_ANSWER_LENGTH = 160;
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Sends JSON to an address that an operator chose, and says what came of it. No redirect is followed, so that the other
 * end cannot send the alert (or the request) elsewhere. Never rejects.
 */
export async function postJson(clock: Clock, request: PostRequest): Promise<Delivery> {
  const url = URL.parse(request.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    return { kind: 'rejected', reason: 'config', message: 'The address is no http(s) address.' };
  }
  const deadline = new AbortController();
  const done = new AbortController();
  const timeout = clock.sleep(POST_TIMEOUT_MS, done.signal).then(timedOut);
  try {
    return await Promise.race([attempt(url, request, { now: clock.now(), signal: deadline.signal }), timeout]);
  } catch (error) {
    return { kind: 'retry', reason: 'network', message: `${describeFault(error)}. Check the address and the network.` };
  } finally {
    deadline.abort();
    done.abort();
  }
}

/** On a connection of its own: calls are rare, and one that was kept would have been closed by the other end. */
async function attempt(
  url: URL,
  { body, id, secret, fence }: PostRequest,
  { now, signal }: { readonly now: number; readonly signal: AbortSignal },
): Promise<Delivery> {
  const client = new Client(url.origin, { pipelining: 0, connectTimeout: POST_TIMEOUT_MS });
  try {
    const text = JSON.stringify(body);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'foghorn',
      ...authorization(url),
      ...(id === undefined ? {} : { 'x-foghorn-notification': id }),
      ...(secret === undefined ? {} : signatureHeaders(text, secret, now)),
    };
    const path = url.pathname + url.search;
    fence?.();
    const answer = await client.request({ path, method: 'POST', headers, body: text, signal });
    return deliveryOf(answer, await beginningOf(answer));
  } finally {
    await client.destroy();
  }
}

/** User and password of the address, as basic authentication. */
function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = `${unescape(username)}:${unescape(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/**
 * HMAC-SHA256 of `TIMESTAMP.BODY`, as `sha256=HEX`; the time in seconds is signed too, so that an old call cannot be
 * sent again.
 */
export function signatureHeaders(body: string, secret: string, now: number): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const digest = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-foghorn-timestamp': timestamp, 'x-foghorn-signature': `sha256=${digest}` };
}

async function beginningOf({ body }: Dispatcher.ResponseData): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += Buffer.isBuffer(chunk) ? chunk.toString() : '';
    if (text.length >= MAX_ANSWER_LENGTH) break;
  }
  return cleanLine(text, MAX_ANSWER_LENGTH);
}

/** Statuses that pass by themselves are tried again; any other refusal is the address's, or the body's. */
function deliveryOf({ statusCode: status, headers }: Dispatcher.ResponseData, said: string): Delivery {
  if (status >= 200 && status < 300) return { kind: 'sent', messageId: `HTTP ${status}` };
  const message = `HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 429) return { kind: 'retry', reason: 'throttled', message, afterMs: retryAfterMs(headers) };
  if (status >= 500) return { kind: 'retry', reason: 'server', message, afterMs: retryAfterMs(headers) };
  if (status === 408) return { kind: 'retry', reason: 'timeout', message };
  if (status === 401 || status === 403) return { kind: 'retry', reason: 'credentials', message };
  const hint = status >= 300 && status < 400 ? ' Redirects are not followed: give the final address.' : '';
  return { kind: 'rejected', reason: 'config', message: `${message}.${hint}` };
}

/** In seconds; the form with a date is rare, and our own backoff is good enough for it. */
function retryAfterMs(headers: Dispatcher.ResponseData['headers']): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(MAX_RETRY_AFTER_MS, seconds * 1000) : undefined;
}

function timedOut(): Delivery {
  return { kind: 'retry', reason: 'timeout', message: `No answer within ${POST_TIMEOUT_MS} ms. It is tried again.` };
}

function describeFault(error: unknown): string {
  const what = [errorCode(error), errorMessage(error)].filter((part) => part !== '').join(': ');
  return cleanLine(what, MAX_ANSWER_LENGTH);
}
