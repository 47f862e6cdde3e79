import { createSilentLog } from '../../log.ts';
import { serveNewEvents } from '../new-events.ts';
import { publish } from '../publish.ts';
import { openTestApi, type TestApi } from '../test-api.ts';
import type { Answer } from './answer.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import { createAuthenticator, parseTokens } from './users.ts';

export interface TestFace extends TestApi {
  readonly dispatch: Dispatch;
  /** One request and its answer, by the administrator unless `as` names another. */
  ask(line: string, options?: AskOptions): Asked;
}

export interface AskOptions {
  readonly body?: unknown;
  readonly as?: 'admin' | 'edit' | 'view' | 'nobody' | 'stranger';
  readonly type?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Asked extends Answer {
  /** Undefined for what is not JSON. */
  readonly json: unknown;
}

const tokens = `token-admin,admin,,"system:masters"
token-edit,edit,,"foghorn:edit"
token-view,view,,"foghorn:view"
token-nobody,nobody
`;

/** For tests: the API behind its face, without a socket. */
export async function openTestFace(): Promise<TestFace> {
  const opened = await openTestApi();
  publish({ ...opened, fieldManager: 'foghorn-controller' });
  const dispatch = createDispatch({
    ...opened,
    ...serveNewEvents(opened),
    log: createSilentLog(),
    version: 'test',
    isReady: () => true,
    authenticate: createAuthenticator(parseTokens(tokens, 'tokens')),
  });
  return {
    ...opened,
    dispatch,
    ask(line, { body, as = 'admin', type = 'application/json', accept, headers } = {}) {
      const [method = 'GET', url = '/'] = line.split(' ');
      const text = textOf(body);
      const answer = dispatch({
        method,
        url,
        headers: {
          ...(as === 'stranger' ? {} : { authorization: `Bearer token-${as}` }),
          ...(text === '' ? {} : { 'content-type': type }),
          ...(accept === undefined ? {} : { accept }),
          ...headers,
        },
        body: Buffer.from(text),
      });
      if (!('body' in answer)) throw new Error(`${line} is a stream`);
      return { ...answer, json: parsed(answer.body) };
    },
  };
}

function textOf(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
