import type { ErrorAnswer, ErrorDetail } from '../answers/policies.ts';
import type { SessionAnswer } from '../answers/session.ts';
import { session } from './session.ts';

/** What came of a request. A refusal, a timeout and a lost connection are values, not exceptions. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      /** Status of HTTP; 0 when no answer came. */
      readonly status: number;
      /** For people. */
      readonly error: string;
      readonly details: readonly ErrorDetail[];
    };

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A page that waits longer is taken for broken; previews over a day are given more by their caller. */
const TIMEOUT_MS = 15_000;

/** `get<PoliciesAnswer>('api/policies')`. Paths are relative, so that the page works below a sub-path. */
export function get<Value>(path: string, options: RequestOptions = {}): Promise<Answer<Value>> {
  return send('GET', path, undefined, options);
}

export function post<Value>(path: string, body: unknown = {}, options: RequestOptions = {}): Promise<Answer<Value>> {
  return send('POST', path, body, options);
}

export function put<Value>(path: string, body: unknown, options: RequestOptions = {}): Promise<Answer<Value>> {
  return send('PUT', path, body, options);
}

export function del<Value>(path: string, options: RequestOptions = {}): Promise<Answer<Value>> {
  return send('DELETE', path, undefined, options);
}

/** A controller that was started anew gives new tokens: a write that is refused for an old one is sent again, once. */
async function send<Value>(
  method: Method,
  path: string,
  body: unknown,
  options: RequestOptions,
): Promise<Answer<Value>> {
  const answer = await sendOnce<Value>(method, path, body, options);
  if (method === 'GET' || answer.ok || answer.status !== 403) return answer;
  const before = session.get()?.csrfToken;
  await askSession();
  return session.get()?.csrfToken === before ? answer : sendOnce<Value>(method, path, body, options);
}

async function sendOnce<Value>(
  method: Method,
  path: string,
  body: unknown,
  options: RequestOptions,
): Promise<Answer<Value>> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  try {
    const response = await fetch(address(path, options.query), {
      method,
      signal,
      credentials: 'same-origin',
      headers: headersOf(method, body),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return await answerOf<Value>(response);
  } catch (error) {
    return failed(0, timeout.aborted ? 'the controller did not answer in time' : reasonOf(error));
  }
}

/** Who we are, as the controller sees it now. No answer leaves what is known: the stream tells of a lost connection. */
export async function askSession(): Promise<void> {
  const answer = await sendOnce<SessionAnswer>('GET', 'api/session', undefined, {});
  if (answer.ok) session.set(answer.value);
}

/** `./api/policy?key=default%2Fweb`; values that are undefined are left out. */
export function address(path: string, query: RequestOptions['query'] = {}): string {
  const known = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const text = new URLSearchParams(known).toString();
  return `./${path}${text === '' ? '' : `?${text}`}`;
}

function headersOf(method: Method, body: unknown): Record<string, string> {
  const token = session.get()?.csrfToken;
  return {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(method !== 'GET' && typeof token === 'string' && { 'x-csrf-token': token }),
  };
}

async function answerOf<Value>(response: Response): Promise<Answer<Value>> {
  // 204 has no body, and its caller asks for none.
  if (response.status === 204) return { ok: true, value: undefined as Value };
  if (response.ok) return { ok: true, value: (await response.json()) as Value };
  if (response.status === 401) signedOut();
  const { error, details } = await errorOf(response);
  return { ...failed(response.status, error), details: details ?? [] };
}

async function errorOf(response: Response): Promise<ErrorAnswer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  if (isJson) return JSON.parse(text) as ErrorAnswer;
  return { error: text === '' ? `the controller answered ${response.status}` : text.slice(0, 500) };
}

/** The session has ended: the page shows its sign-in. */
function signedOut(): void {
  const known = session.get();
  if (known === undefined) return;
  const nobody = { signedIn: false, user: null, role: null, csrfToken: null, expiresAt: null } as const;
  session.set({ signIn: known.signIn, statusPage: known.statusPage, ...nobody });
}

function failed(status: number, error: string): Extract<Answer<never>, { ok: false }> {
  return { ok: false, status, error, details: [] };
}

function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'AbortError') return 'cancelled';
  return 'the controller cannot be reached';
}
