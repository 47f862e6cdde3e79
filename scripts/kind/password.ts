import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashPassword } from '../../controller/src/model/password-hash.ts';
import { dataDirectory } from '../up/places.ts';
import { kubectl } from './tools.ts';

/** Of the cluster for trying out; for the one who made it. */
const passwordFile = join(dataDirectory, 'kind/dashboard-password');
const PASSWORD_BYTES = 12;

/** Puts the dashboard's password into the cluster, and keeps it in a private file. @returns it */
export async function providePassword(): Promise<string> {
  const isKept = existsSync(passwordFile);
  const present = await kubectl([...secret('get'), '--ignore-not-found', '-o', 'name']);
  const password = isKept ? (await readFile(passwordFile, 'utf8')).trim() : await makePassword();
  if (isKept && present.trim() !== '') return password;
  // Of another password, which nobody knows any more.
  await kubectl([...secret('delete'), '--ignore-not-found']);
  const entry = `DASHBOARD_PASSWORDS=operate=${await hashPassword(password)}`;
  await kubectl(['-n', 'foghorn', 'create', 'secret', 'generic', 'foghorn', `--from-literal=${entry}`]);
  return password;
}

/** Puts a password of the database into the cluster, once: the database keeps that of its first start. */
export async function provideDatabasePassword(): Promise<void> {
  const present = await kubectl([...secret('get', 'foghorn-database'), '--ignore-not-found', '-o', 'name']);
  if (present.trim() !== '') return;
  // It stands in an address.
  const entry = `password=${randomBytes(PASSWORD_BYTES).toString('hex')}`;
  await kubectl(['-n', 'foghorn', 'create', 'secret', 'generic', 'foghorn-database', `--from-literal=${entry}`]);
}

export async function forgetPassword(): Promise<void> {
  await rm(passwordFile, { force: true });
}

function secret(verb: 'get' | 'delete', name: string = 'foghorn'): readonly string[] {
  return ['-n', 'foghorn', verb, 'secret', name];
}

async function makePassword(): Promise<string> {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  await mkdir(dirname(passwordFile), { recursive: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  return password;
}
