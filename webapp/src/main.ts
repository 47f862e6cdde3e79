/** Listens, and stops in order on a signal. */
import { existsSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import { createPostgresDatabase, describeDatabaseError } from './database.ts';
import { readSettings, type Settings } from './environment.ts';

/** Below the 10 s after which `docker stop` kills, above the time of the slowest request. */
const STOP_TIMEOUT_MS = 8_000;
const EXIT_BAD_ENVIRONMENT = 2;

const log = (line: string): void => {
  process.stdout.write(`${new Date().toISOString()} webapp: ${line}\n`);
};

function isContainer(): boolean {
  return process.env['KUBERNETES_SERVICE_HOST'] !== undefined || ['/.dockerenv', '/run/.containerenv'].some(existsSync);
}

/** Answers what is being asked, then ends; at once on a second signal or when the time is up. */
function stopOnSignal(app: FastifyInstance): void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log(`${signal}: stopping`);
    setTimeout(() => {
      log(`not everything ended within ${STOP_TIMEOUT_MS / 1000} s: stopping anyway`);
      process.exit(1);
    }, STOP_TIMEOUT_MS).unref();
    app.close().then(
      () => {
        log('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        log(`stopping failed: ${String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function start(settings: Settings): Promise<void> {
  const { database } = settings;
  const app = buildApp({
    database: createPostgresDatabase(database, (error) =>
      log(`an idle database connection broke: ${JSON.stringify(describeDatabaseError(error))}`),
    ),
    now: Date.now,
    log,
  });
  stopOnSignal(app);
  try {
    await app.listen({ host: settings.host, port: settings.port });
    log(
      `listening on ${settings.host}:${settings.port}, database ${database.name} at ${database.host}:${database.port} as ${database.user}`,
    );
  } catch (error) {
    log(
      `cannot listen on ${settings.host}:${settings.port}: ${error instanceof Error ? error.message : String(error)}`,
    );
    process.exit(1);
  }
}

const result = readSettings(process.env, isContainer());
if (result.ok) {
  await start(result.settings);
} else {
  for (const problem of result.problems) log(`cannot start: ${problem}`);
  process.exit(EXIT_BAD_ENVIRONMENT);
}
