import { randomBytes } from 'node:crypto';
import { FoghornError } from '../../errors.ts';
import { SEAL_KEY_BYTES } from '../sealed-store.ts';
import { readIfThere, writePrivate } from './private-file.ts';

/** The key of the Secrets, from a private file that is made at first use. Throws InvalidConfig for a damaged one. */
export async function loadSealKey(file: string): Promise<Uint8Array> {
  const text = await readIfThere(file);
  if (text === undefined) {
    const made = randomBytes(SEAL_KEY_BYTES);
    await writePrivate(file, `${made.toString('base64')}\n`);
    return made;
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === SEAL_KEY_BYTES) return key;
  throw new FoghornError(
    'InvalidConfig',
    `${file} holds no key: put it back from a backup, or delete it and all Secrets`,
  );
}
