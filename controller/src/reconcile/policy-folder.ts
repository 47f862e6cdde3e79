import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, errorMessage } from '../errors.ts';
import { MAX_FILE_BYTES, readManifests, type Manifest, type ManifestFault } from './manifests.ts';

/** One file of the policy folder: what it declares, or why it cannot be read. */
export interface PolicyFile {
  /** Name relative to the folder; path order decides between two that declare the same object. */
  readonly name: string;
  readonly manifests: readonly Manifest[];
  readonly faults: readonly ManifestFault[];
}

/** Changes when any file does. */
export type FolderSignature = string;

const MAX_FILES = 1000;
const extension = /\.(ya?ml|json)$/;

/** Names, sizes and times of the files: cheap enough to look at every few seconds. Undefined when there is no folder. */
export function signatureOf(folder: string): FolderSignature | undefined {
  const names = fileNames(folder);
  return names?.map((name) => fileSignature(join(folder, name), name)).join('\n');
}

/** Reads every file, in path order. A file that cannot be read is a file with a fault. */
export function readFolder(folder: string): readonly PolicyFile[] {
  return (fileNames(folder) ?? []).map((name) => readPolicyFile(folder, name));
}

function fileNames(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder)
      .filter((name) => extension.test(name) && !name.startsWith('.'))
      .sort()
      .slice(0, MAX_FILES);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function fileSignature(path: string, name: string): string {
  try {
    const { size, mtimeMs, ino } = statSync(path);
    return `${name} ${size} ${mtimeMs} ${ino}`;
  } catch (error) {
    return `${name} ${errorMessage(error)}`;
  }
}

function readPolicyFile(folder: string, name: string): PolicyFile {
  const text = readText(join(folder, name));
  if (typeof text !== 'string') return { name, manifests: [], faults: [text] };
  const read = readManifests(text);
  return read.kind === 'read'
    ? { name, manifests: read.documents, faults: [] }
    : { name, manifests: [], faults: read.faults };
}

function readText(path: string): string | ManifestFault {
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES)
      return { line: 1, message: `${size} bytes: a file may have ${MAX_FILE_BYTES} at most; split it` };
    return readFileSync(path, 'utf8');
  } catch (error) {
    return { line: 1, message: `cannot be read: ${errorMessage(error)}` };
  }
}
