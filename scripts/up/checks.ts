import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { repositoryRoot } from './places.ts';
import { SetupError } from './setup-error.ts';

const NODE_MAJOR_LEAST = 24;
/** Images, a database and logs need about 1.5 GB. */
const FREE_BYTES_LEAST = 2_000_000_000;

/** @throws SetupError when this Node cannot run the system */
export function checkNodeVersion(version: string = process.versions.node): void {
  const major = Number(version.split('.')[0]);
  if (major >= NODE_MAJOR_LEAST) return;
  throw new SetupError(
    `Node ${version} is too old, ${NODE_MAJOR_LEAST} is needed.`,
    'npm ci, then npm run up: npm uses the Node of node_modules',
  );
}

/** @throws SetupError when a port of this machine is taken */
export async function checkPortFree(port: number, address: string): Promise<void> {
  const problem = await tryToListen(port, address);
  if (problem === undefined) return;
  if (problem === 'EADDRINUSE') {
    throw new SetupError(
      `Port ${port} of ${address} is taken by another program.`,
      `find it with: ss -ltnp 'sport = :${port}' (macOS: lsof -iTCP:${port}), stop it, then npm run up`,
    );
  }
  throw new SetupError(
    `Cannot listen on ${address}:${port} (${problem}).`,
    'set BIND_ADDRESS in .env to an address of this machine',
  );
}

/** The error code, or undefined when the port can be had. */
function tryToListen(port: number, address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * @param directories folders that must have room; one that is not on this machine is passed over
 * @throws SetupError when a disk is nearly full
 */
export async function checkDiskSpace(directories: readonly string[] = [repositoryRoot]): Promise<void> {
  for (const directory of directories.filter((path) => existsSync(path))) {
    const { bavail, bsize } = await statfs(directory);
    if (bavail * bsize >= FREE_BYTES_LEAST) continue;
    const free = ((bavail * bsize) / 1e9).toFixed(1);
    throw new SetupError(
      `Only ${free} GB are free on the disk of ${directory}, ${FREE_BYTES_LEAST / 1e9} GB are needed.`,
      'make room (docker system prune removes unused images), then npm run up',
    );
  }
}
