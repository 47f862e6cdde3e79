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
  readonly owner?: Owner;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const PROBE_TIMEOUT_MS = 5_000;
const namespacePrefix = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'];
const SYSTEM_USERS = ['postgres', 'nobody'];

export async function findUnprivileged(): Promise<Unprivileged> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  if (await works([...namespacePrefix, 'true'])) return { prefix: namespacePrefix };
  for (const user of SYSTEM_USERS) {
    const owner = await findUser(user);
    if (owner === undefined) continue;
    const prefix = ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', '--'];
    if (await works([...prefix, 'test', '-x', process.execPath])) return { prefix, owner };
  }
  throw new SetupError(
    'PostgreSQL does not run as root, and no other user of this machine can read this folder.',
    'run it as a user who is not root, or put the folder where others can read it (/srv, /opt)',
  );
}

async function works([command = '', ...parameters]: readonly string[]): Promise<boolean> {
  return (await runCommand(command, parameters, { timeoutMs: PROBE_TIMEOUT_MS })).ok;
}

async function findUser(user: string): Promise<Owner | undefined> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map((option) => runCommand('id', [option, user], { timeoutMs: PROBE_TIMEOUT_MS })),
  );
  return uid?.ok === true && gid?.ok === true ? { uid: Number(uid.output), gid: Number(gid.output) } : undefined;
}

/** Gives a folder and all that is in it to a user. */
export async function giveTo(directory: string, owner: Owner): Promise<void> {
  await chown(directory, owner.uid, owner.gid);
  for (const entry of await readdir(directory, { recursive: true })) {
    await lchown(join(directory, entry), owner.uid, owner.gid);
  }
}
