import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../errors.ts';

/** Readable by nobody but the owner. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** The text of the file, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Writes it whole or not at all. */
export async function writePrivate(file: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: PRIVATE_FOLDER });
  const draft = `${file}.new`;
  await writeFile(draft, text, { mode: PRIVATE_FILE });
  // a draft that a killed process left behind keeps its own mode
  await chmod(draft, PRIVATE_FILE);
  await rename(draft, file);
}

/** Writes into the file that is there, which keeps its owner and mode; makes a private one where there is none. */
export async function writeShared(file: string, text: string): Promise<void> {
  if ((await readIfThere(file)) === undefined) await writePrivate(file, text);
  else await writeFile(file, text);
}
