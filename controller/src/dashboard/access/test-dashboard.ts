import { scryptSync } from 'node:crypto';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { expect, onTestFinished } from 'vitest';
import { createFakeClock, type FakeClock } from '../../fake-clock.ts';
import { createLog } from '../../log.ts';
import { parsePassword, parseToken, type Access } from '../../model/access.ts';
import type { SessionAnswer } from '../answers/session.ts';
import { createFakeReader } from '../fake-reader.ts';
import { createLive, type Live } from '../live/live.ts';
import { buildDashboard } from '../server.ts';
import type { ReplicaKey } from './replica-key.ts';

export const nobody: Access = { passwords: [], tokens: [], trustedProxies: [], operators: [] };
export const token: string = 'a-token-of-many-characters';
const entries = [`operate=${cheapHash('operator pass')}`, `view=${cheapHash('viewer pass')}`];
export const withPasswords: Access = {
  ...nobody,
  passwords: entries.flatMap((entry) => parsePassword(entry) ?? []),
  tokens: [parseToken(`view=${token}`) ?? []].flat(),
};

/** What the real parameters cost is not what is tested here. */
function cheapHash(password: string): string {
  const salt = Buffer.alloc(16);
  const hash = scryptSync(password, salt, 32, { cost: 16, blockSize: 1, parallelization: 1 });
  return `scrypt:16:1:1:${salt.toString('base64url')}:${hash.toString('base64url')}`;
}

export interface TestDashboard {
  readonly app: FastifyInstance;
  readonly clock: FakeClock;
  readonly live: Live;
  /** All that was written to the log. */
  logged(): string;
}

/** A dashboard of three containers, without a socket, until the end of the test. */
export async function serve(
  access: Access,
  url: string = 'http://localhost:8001',
  replicaKey?: ReplicaKey,
): Promise<TestDashboard> {
  const clock = createFakeClock();
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
  const reader = createFakeReader({ clock, containers: 3 });
  const live = createLive({ reader, clock, log });
  const options = {
    host: '0.0.0.0',
    port: 8001,
    url,
    webDir: '/nowhere',
    access,
    statusPage: { names: [], title: '' },
    replicaKey,
  };
  const app = await buildDashboard(options, { reader, clock, log }, live);
  app.post('/api/test-write', async ({ identity }) => ({ user: identity?.user }));
  app.post('/api/test-member', { config: { access: 'replica' } }, async ({ replica }) => replica);
  onTestFinished(() => app.close());
  return { app, clock, live, logged: () => lines.join('') };
}

export const at: Readonly<Record<string, string>> = { host: 'localhost:8001' };
export const json: Readonly<Record<string, string>> = { 'content-type': 'application/json' };

export function signInRequest(password: string, headers: Record<string, string> = {}): InjectOptions {
  return { method: 'POST', url: '/api/session', headers: { ...at, ...json, ...headers }, payload: { password } };
}

export interface SignedInTest {
  /** For the header `cookie`. */
  readonly cookie: string;
  readonly csrf: string;
  readonly answer: SessionAnswer;
  readonly response: LightMyRequestResponse;
}

export async function signIn(app: FastifyInstance, password: string): Promise<SignedInTest> {
  const response = await app.inject(signInRequest(password));
  expect(response.statusCode).toBe(200);
  const [cookie] = response.cookies;
  const answer: SessionAnswer = response.json();
  return { cookie: `${cookie?.name}=${cookie?.value}`, csrf: answer.csrfToken ?? '', answer, response };
}

export function write(app: FastifyInstance, headers: Record<string, string>): Promise<LightMyRequestResponse> {
  return app.inject({ method: 'POST', url: '/api/test-write', headers: { ...at, ...json, ...headers }, payload: {} });
}
