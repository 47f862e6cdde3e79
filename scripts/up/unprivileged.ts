import { execFileSync } from 'node:child_process';
import { chown, lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { SetupError } from './setup-error.ts';

/**
 * How to run a program that refuses to run as root: as it is for other users; else in a user namespace in which root
 * bears another number and still owns its files; where the system forbids that, as a user of the system.
 */
export interface Unprivileged {
  readonly prefix: readonly string[];
  /** Whom its files must belong to; not set when the owner is the user who runs this. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

const PROBE_TIMEOUT_MS = 5_000;
const namespacePrefix = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'];
const SYSTEM_USERS = ['postgres', 'nobody'];

export async function findUnprivileged(): Promise<Unprivileged> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  if (await works([...namespacePrefix, 'true'])) return { prefix: namespacePrefix };
  for (const user of SYSTEM_USERS) {
    const prefix = ['setpriv', `--reuid=${user}`, '--clear-groups', `--regid=${idOf(user, '-g')}`, '--'];
    if (!(await works([...prefix, 'test', '-x', process.execPath]))) continue;
    return { prefix, owner: { uid: idOf(user, '-u'), gid: idOf(user, '-g') } };
  }
  throw new SetupError(
    'PostgreSQL does not run as root, and no other user of this machine can read this folder.',
    'run it as a user who is not root, or put the folder where others can read it (/srv, /opt)',
  );
}

async function works([command = '', ...parameters]: readonly string[]): Promise<boolean> {
  return (await runCommand(command, parameters, { timeoutMs: PROBE_TIMEOUT_MS })).ok;
}

function idOf(user: string, option: '-u' | '-g'): number {
  return Number(execFileSync('id', [option, user], { encoding: 'utf8' }));
}

/** Gives a folder and all that is in it to a user. */
export async function giveTo(directory: string, owner: { readonly uid: number; readonly gid: number }): Promise<void> {
  await chown(directory, owner.uid, owner.gid);
  for (const entry of await readdir(directory, { recursive: true })) {
    await lchown(join(directory, entry), owner.uid, owner.gid);
  }
}
