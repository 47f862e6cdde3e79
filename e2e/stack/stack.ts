import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, inject } from 'vitest';
import type { AlertView } from '../../controller/src/dashboard/view.ts';
import { missing, requireCompose, skipUnless, type Requirement } from '../requirements.ts';
import { compose, docker } from './compose.ts';
import { createControllerApi, type ControllerApi } from './controller-api.ts';
import { isStarted, markStarted, takeDown } from './stack-state.ts';
import { until } from '../until.ts';

/** As in stack.env. */
export const COOLDOWN_MS = 30_000;
/** Longest wait for what comes within a grace time, an interval, a health check or a cooldown, on a busy machine. */
export const WAIT_MS = 120_000;

/** Images from nothing on a slow line; seconds when they are there. */
const START_TIMEOUT_MS = 15 * 60_000;
const services = ['db', 'ses', 'webapp', 'controller'];
const CONTROLLER = 'monitor';
const containers = ['postgres-db', 'ses-sandbox', 'webapp', CONTROLLER, 'load-generator'];

/** The Compose stack under test. Its containers have fixed names, so there is one a machine. */
export interface Stack {
  readonly api: ControllerApi;
  /** Folder that the controller reads policies from. */
  readonly policies: string;
  readonly logs: string;
  compose(...args: readonly string[]): Promise<string>;
  docker(...args: readonly string[]): Promise<string>;
  /** Starts the load generator at this level; `compose('rm', '--stop', '--force', 'load')` ends it. */
  startLoad(level: string): Promise<void>;
  /** Objects of a kind as they are on disk, read from a copy of the controller's store: what the API says may be ahead. */
  storedObjects(resource: string): Promise<readonly StoredObject[]>;
  readLog(name: 'metrics' | 'status'): Promise<string>;
}

export interface StoredObject {
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** Has the stack up, whole, with no alert and an empty inbox before each test of a file. Ended by `global-setup.ts`. */
export function useStack(): Stack {
  const folder = inject('stackFolder');
  const stack = createStack(folder);
  beforeEach(async (context) => {
    skipUnless(context, requireCompose());
    skipUnless(context, await requireFreeNames(folder));
    await bringUp(folder, stack);
    await calm(stack);
  }, START_TIMEOUT_MS);
  return stack;
}

function createStack(folder: string): Stack {
  const policies = join(folder, 'policies');
  const logs = join(folder, 'logs');
  return {
    api: createControllerApi(),
    policies,
    logs,
    compose: (...args) => compose({ folder }, ...args),
    docker,
    startLoad: async (level) => {
      await compose({ folder, settings: { STRESS_LEVEL: level } }, 'up', '--detach', '--no-build', 'load');
    },
    storedObjects: (resource) => readObjects(join(folder, 'data'), resource),
    readLog: (name) => readFile(join(logs, `${name}.log`), 'utf8'),
  };
}

/** On a developer's machine a stack that runs is theirs. In CI nobody else's can be: it is taken down. */
async function requireFreeNames(folder: string): Promise<Requirement> {
  if (isStarted(folder)) return { skip: false, reason: '' };
  const running = await docker('ps', '--quiet', '--filter', 'label=com.docker.compose.project=foghorn');
  return missing('a Foghorn stack is running: npm run down', () => running === '');
}

async function bringUp(folder: string, stack: Stack): Promise<void> {
  if (!isStarted(folder)) {
    await mkdir(stack.policies, { recursive: true });
    await mkdir(stack.logs, { recursive: true });
    markStarted(folder);
    await takeDown(folder);
    await stack.compose('build');
  }
  await stack.compose('up', '--detach', '--no-build', '--no-recreate', '--wait', ...services);
}

/** Alerts about containers of the stack: on a developer's machine others run on the same engine. */
export async function ownAlerts(api: ControllerApi): Promise<readonly AlertView[]> {
  return (await api.alerts()).filter(({ container }) => containers.includes(container));
}

async function calm({ api }: Stack): Promise<void> {
  await until('all of the stack is seen to run, and no alert of it is active', WAIT_MS, async () => {
    const { containers: seen } = await api.state();
    const webapp = seen.find(({ name }) => name === 'webapp');
    const running = seen.filter(({ name, state }) => containers.includes(name) && state === 'running');
    const alerts = await ownAlerts(api);
    const isCalm = alerts.every(({ state }) => state === 'resolved');
    return (isCalm && running.length >= services.length && webapp?.http?.up === true) || undefined;
  });
  await api.clearMails();
}

async function readObjects(folder: string, resource: string): Promise<readonly StoredObject[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await docker('cp', `${CONTROLLER}:/data/.`, folder);
  const database = new DatabaseSync(join(folder, 'objects.db'));
  try {
    const rows = database.prepare('SELECT json FROM objects WHERE resource = ?').all(resource);
    return rows.map(({ json }) => JSON.parse(String(json)) as StoredObject);
  } finally {
    database.close();
  }
}
