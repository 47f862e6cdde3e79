import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp, type App } from './wiring/app.ts';
import { commandHelp, runCommand, unknownCommand } from './cli/run-command.ts';
import { systemClock } from './clock.ts';
import { loadConfig, type Config } from './config.ts';
import { errorCode, errorMessage, FoghornError, isFoghornError } from './errors.ts';
import { createLog, type Log } from './log.ts';
import { settings } from './settings.ts';
import type { SettingsEnv } from './settings-reader.ts';

const root = join(import.meta.dirname, '..');
const crdDir = join(root, '../crds');

/** Settings that are wrong, or another controller on the same data: trying again would not help. */
const EXIT_CONFIG = 2;

/** Of the longest setting, with room behind it. */
const nameWidth = Math.max(...Object.keys(settings).map(({ length }) => length)) + 2;

const help = `foghorn: watches the containers of Docker hosts by declared policies and mails what is wrong

Usage: npm run foghorn [-- --help | --version | --shards N | COMMAND ...]

Without a command it is the controller. Commands (each has --help):

${commandHelp}

The controller takes its settings from the environment (Compose reads them from .env):

${Object.entries(settings)
  .map(
    ([name, setting]) =>
      `  ${name.padEnd(nameWidth)}${setting.help}${setting.default === '' ? '' : ` [${setting.default}]`}`,
  )
  .join('\n')}

Signals: SIGTERM and SIGINT end it in order; SIGHUP opens the log files anew.
`;

async function main(): Promise<void> {
  const exitCode = await runCommand(process.argv.slice(2), crdDir);
  if (exitCode !== undefined) {
    process.exitCode = exitCode;
    return;
  }
  const [word = ''] = process.argv.slice(2);
  if (word !== '' && !word.startsWith('-')) throw new FoghornError('InvalidConfig', unknownCommand(word));
  const { values } = parseArgs({
    options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' }, shards: { type: 'string' } },
  });
  if (values.help === true) process.stdout.write(help);
  else if (values.version === true) process.stdout.write(`foghorn ${version()}\n`);
  else await run(values.shards === undefined ? process.env : { ...process.env, SHARDS: values.shards });
}

async function run(env: SettingsEnv): Promise<void> {
  const config = loadConfig(env);
  const log = createLog({ level: config.logLevel });
  const app = await open(config, log);
  const stop = async (signal: string): Promise<void> => {
    log.info({ signal }, 'stopping');
    await app.stop();
    log.info('stopped');
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).then(() => process.exit(0), fail);
    });
  }
  process.on('SIGHUP', app.reopenLogs);
  await app.start();
}

/** One of several replicas, or the only one. */
async function open(config: Config, log: Log): Promise<App> {
  const environment = { crdDir, webDir: join(root, 'dist/web'), clock: systemClock, log };
  const { replica, cluster } = config;
  if (replica === undefined || cluster === undefined) return createApp(config, environment);
  const { createReplica } = await import('./wiring/replica.ts');
  return createReplica({ ...config, replica, cluster }, { ...environment, exit: (code) => process.exit(code) });
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

/** A wrong option; Node says which. */
function isUsage(error: unknown): boolean {
  return errorCode(error).startsWith('ERR_PARSE_ARGS');
}

function fail(error: unknown): void {
  process.stderr.write(`foghorn cannot run: ${errorMessage(error)}\n`);
  const isOperators =
    isUsage(error) || isFoghornError(error, 'InvalidConfig') || isFoghornError(error, 'AlreadyRunning');
  if (!isOperators && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exit(isOperators ? EXIT_CONFIG : 1);
}

main().catch(fail);
