import { existsSync } from 'node:fs';
import { access, constants, mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkDiskSpace, checkPortFree } from './checks.ts';
import { lastLines, runCommand } from './command.ts';
import { waitForAnswer } from './health.ts';
import {
  DASHBOARD_PORT,
  dataDirectory,
  logDirectory,
  policyDirectory,
  repositoryRoot,
  SES_PORT,
  WEBAPP_PORT,
} from './places.ts';
import { isPostgresRunning, startPostgres, stopPostgres, type PostgresConnection } from './postgres.ts';
import { findRunning, logFileOf, pidFileOf, readIfThere, startDetached, stopProcess } from './processes.ts';
import { step } from './progress.ts';
import { usesMailSandbox, type Settings } from './settings.ts';
import { SetupError } from './setup-error.ts';

interface Part {
  readonly name: string;
  /** The program, from the repository's root; it also tells the process from others. */
  readonly program: string;
  readonly parameters: readonly string[];
  readonly nodeFlags?: readonly string[];
  readonly port: number;
  readonly healthPath: string;
}

const HOST = '127.0.0.1';
const ses: Part = {
  name: 'ses-sandbox',
  program: 'node_modules/aws-ses-v2-local/dist/cli.js',
  parameters: ['--host', HOST, '--port', String(SES_PORT)],
  port: SES_PORT,
  healthPath: '/health-check',
};
const webapp: Part = {
  name: 'webapp',
  program: 'webapp/src/main.ts',
  parameters: [],
  port: WEBAPP_PORT,
  healthPath: '/health',
};
const controller: Part = {
  name: 'controller',
  program: 'controller/src/main.ts',
  parameters: [],
  // As the image sets them.
  nodeFlags: ['--max-semi-space-size=1', '--optimize-for-size'],
  port: DASHBOARD_PORT,
  healthPath: '/healthz',
};
/** In the order of their start. */
const parts: readonly Part[] = [ses, webapp, controller];

const BUILD_TIMEOUT_MS = 5 * 60_000;
const HEALTH_TIMEOUT_MS = 60_000;
const SHOWN_LINES = 15;

export async function isLocalSystemRunning(): Promise<boolean> {
  const pids = await Promise.all(parts.map(isRunning));
  return pids.every(Boolean) && (await isPostgresRunning());
}

async function isRunning(part: Part): Promise<boolean> {
  return (await findRunning(part.name, markOf(part))) !== undefined;
}

function markOf(part: Part): string {
  return resolve(repositoryRoot, part.program);
}

/** Starts what is not running, and waits until all of it answers. */
export async function startLocalSystem(settings: Settings): Promise<void> {
  for (const part of parts) {
    if (!(await isRunning(part))) await checkPortFree(part.port, HOST);
  }
  await checkDiskSpace();
  for (const directory of [logDirectory, dataDirectory, policyDirectory]) await ensureWritable(directory);
  await step('building the page', buildPage);
  const database = settings['DB_NAME'] ?? '';
  const connection = await step('starting the database', () => startPostgres(database || 'monitoring_db'));
  await startPart(ses, {});
  await startPart(webapp, databaseEnvironment(connection));
  await startPart(controller, controllerEnvironment(settings, connection));
}

async function ensureWritable(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await access(directory, constants.W_OK).catch((error: Error) => {
    throw new SetupError(
      `The folder ${directory} cannot be written (${error.message}).`,
      `give it to yourself: sudo chown -R "$USER" ${directory}`,
    );
  });
}

async function buildPage(): Promise<void> {
  const { ok, output } = await runCommand('npm', ['run', 'build'], { timeoutMs: BUILD_TIMEOUT_MS });
  if (!ok) throw new SetupError(`npm run build failed:\n${lastLines(output, SHOWN_LINES)}`, 'npm ci, then try again');
}

async function startPart(part: Part, environment: NodeJS.ProcessEnv): Promise<void> {
  await step(`starting ${part.name}`, async () => {
    if (!(await isRunning(part))) {
      await startDetached({
        name: part.name,
        command: process.execPath,
        parameters: [...(part.nodeFlags ?? []), markOf(part), ...part.parameters],
        env: { ...process.env, NODE_ENV: 'production', HOST, PORT: String(part.port), ...environment },
      });
    }
    const url = `http://${HOST}:${part.port}${part.healthPath}`;
    const problem = await waitForAnswer(url, HEALTH_TIMEOUT_MS, () => isRunning(part));
    if (problem === undefined) return;
    const output = lastLines(await readIfThere(logFileOf(part.name)), SHOWN_LINES);
    throw new SetupError(`${part.name} does not come up: ${problem}. Its last lines:\n${output}`, 'npm run down');
  });
}

function databaseEnvironment({ port, user, password, database }: PostgresConnection): NodeJS.ProcessEnv {
  return { DB_HOST: HOST, DB_PORT: String(port), DB_NAME: database, DB_USER: user, DB_PASSWORD: password };
}

function controllerEnvironment(settings: Settings, connection: PostgresConnection): NodeJS.ProcessEnv {
  const targets = ['webapp', 'postgres-db', 'ses-sandbox'].map((name) => `${name}=${pidFileOf(name)}`);
  return {
    ...settings,
    ...databaseEnvironment(connection),
    ...mailEnvironment(settings),
    RUNTIME: 'process',
    PROCESS_TARGETS: targets.join(','),
    LOG_DIR: logDirectory,
    DATA_DIR: dataDirectory,
    POLICY_DIR: policyDirectory,
    CONTAINER_NAME: 'webapp',
    TARGET_URL: `http://${HOST}:${WEBAPP_PORT}`,
    HOST,
    PORT: String(DASHBOARD_PORT),
  };
}

/** The sandbox takes any key and any address. The AWS SDK takes an empty variable for a value, so none is left. */
function mailEnvironment(settings: Settings): NodeJS.ProcessEnv {
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_SES'];
  if (!usesMailSandbox(settings)) return Object.fromEntries(names.map((name) => [name, settings[name] || undefined]));
  return {
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_SESSION_TOKEN: undefined,
    AWS_ENDPOINT_URL_SES: `http://${HOST}:${SES_PORT}`,
    SENDER_EMAIL: settings['SENDER_EMAIL'] || 'foghorn@example.com',
    RECIPIENT_EMAILS: settings['RECIPIENT_EMAILS'] || 'oncall@example.com',
  };
}

/** @returns whether anything was running */
export async function stopLocalSystem(removeData: boolean): Promise<boolean> {
  const stopped: boolean[] = [];
  for (const part of parts.toReversed()) stopped.push(await stopProcess(part.name, markOf(part)));
  if (existsSync(dataDirectory)) stopped.push(await stopPostgres());
  if (removeData) await emptyFolder(dataDirectory);
  return stopped.includes(true);
}

/** The folder itself belongs to the repository, by the file that keeps it there. */
async function emptyFolder(directory: string): Promise<void> {
  const names = await readdir(directory);
  const ours = names.filter((name) => name !== '.gitkeep');
  await Promise.all(ours.map((name) => rm(join(directory, name), { recursive: true, force: true })));
}
