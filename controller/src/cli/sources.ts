import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '../errors.ts';
import { MAX_FILE_BYTES } from '../reconcile/manifests.ts';

/** A text to be looked at, or why it cannot be. */
export type Source =
  | { readonly kind: 'text'; readonly file: string; readonly text: string }
  | { readonly kind: 'unreadable'; readonly file: string; readonly message: string };

/** As the policy folder has it. */
const extension = /\.(ya?ml|json)$/;
const MAX_FILES = 1000;
/** Standard input. */
const STDIN = '-';

/** Reads files, the manifests of folders (in name order, not below), and standard input for `-`. */
export async function readSources(
  paths: readonly string[],
  readStdin: () => Promise<string>,
): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const path of paths) {
    if (path === STDIN) sources.push(bounded(STDIN, await readStdin()));
    else sources.push(...readPath(path));
  }
  return sources;
}

/** A folder without manifests is most likely another one than was meant. */
function readPath(path: string): readonly Source[] {
  const files = filesOf(path).slice(0, MAX_FILES);
  if (files.length === 0) return [{ kind: 'unreadable', file: path, message: 'no .yaml, .yml or .json file in it' }];
  return files.map(readSource);
}

function filesOf(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  return readdirSync(path)
    .filter((name) => extension.test(name) && !name.startsWith('.'))
    .sort()
    .map((name) => join(path, name));
}

function readSource(file: string): Source {
  if (!existsSync(file)) return { kind: 'unreadable', file, message: 'no such file or folder' };
  try {
    if (statSync(file).size > MAX_FILE_BYTES) return tooLarge(file);
    return { kind: 'text', file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { kind: 'unreadable', file, message: errorMessage(error) };
  }
}

function bounded(file: string, text: string): Source {
  return Buffer.byteLength(text) > MAX_FILE_BYTES ? tooLarge(file) : { kind: 'text', file, text };
}

function tooLarge(file: string): Source {
  return { kind: 'unreadable', file, message: `more than ${MAX_FILE_BYTES} bytes; split it` };
}
