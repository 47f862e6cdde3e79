/** Files that the options name: bodies, data for templates, certificates. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { InputError } from './input-error.ts';

/**
 * Reads a file as a whole.
 * @param what names the option in messages
 * @throws InputError when it is missing, is no file, or is larger than `maxBytes`
 */
export type ReadFile = (what: string, path: string, maxBytes: number) => Buffer;

/** Each file is read once, however often it is named: what is sent does not change while the run goes on. */
export function createFileReader(): ReadFile {
  const contents = new Map<string, Buffer>();
  return (what, path, maxBytes) => {
    const content = contents.get(path) ?? readBounded(what, path, maxBytes);
    contents.set(path, content);
    return content;
  };
}

/** For options that come from others: no file of this machine is sent to anybody. */
export const REFUSE_FILES: ReadFile = (what) => {
  throw new InputError(`${what}: files may not be used with --untrusted`);
};

function readBounded(what: string, path: string, maxBytes: number): Buffer {
  const file = attempt(what, path, () => openSync(path, 'r'));
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new InputError(`${what}: ${JSON.stringify(path)} is not a file`);
    if (stat.size > maxBytes) {
      throw new InputError(`${what}: ${JSON.stringify(path)} has ${stat.size} bytes, more than ${maxBytes}`);
    }
    return attempt(what, path, () => readFileSync(file));
  } finally {
    closeSync(file);
  }
}

function attempt<Value>(what: string, path: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new InputError(`${what}: ${JSON.stringify(path)}: ${reason}`);
  }
}
