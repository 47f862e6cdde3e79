import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** One growing file that others may follow, rename, truncate or delete at any time. */
export interface Appender {
  /** Appends whole lines (`text` ends with a newline) in one write, so that no reader sees half a line. Never throws. */
  append(text: string): AppendResult;
  /** Lets go of the file; the next append opens it anew. */
  close(): void;
}

export type AppendResult =
  | { readonly kind: 'written' }
  /** The lines are in the file, but it is over its size and could not be renamed. */
  | { readonly kind: 'unrotated'; readonly fault: unknown }
  | { readonly kind: 'failed'; readonly fault: unknown; readonly lostLines: number };

export interface AppenderOptions {
  readonly path: string;
  /** Size at which the file becomes `path.1`. */
  readonly maxBytes: number;
  /** How many `path.N` are kept. */
  readonly keepFiles: number;
}

interface OpenFile {
  readonly fd: number;
  readonly device: number;
  readonly inode: number;
  /** The file ends with half a line (crash, full disk): the next write ends it first. */
  tornEnd: boolean;
}

/** O_APPEND keeps copytruncate safe, O_NONBLOCK refuses a FIFO without a reader instead of hanging on it. */
const OPEN_FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
const OPEN_MODE = 0o644;
const NEWLINE = 0x0a;

export function createAppender(options: AppenderOptions): Appender {
  let file: OpenFile | undefined;

  function close(): void {
    if (file !== undefined) closeSync(file.fd);
    file = undefined;
  }

  /** The file that the path names now, and its size. */
  function current(): { readonly open: OpenFile; readonly size: number } {
    const onDisk = statSync(options.path, { throwIfNoEntry: false });
    if (file !== undefined && (onDisk?.ino !== file.inode || onDisk.dev !== file.device)) close();
    file ??= openFile(options.path);
    return { open: file, size: fstatSync(file.fd).size };
  }

  return {
    append(text) {
      const bytes = Buffer.from(text);
      let rotationFault: unknown;
      try {
        let { open, size } = current();
        if (size > 0 && size + bytes.length > options.maxBytes) {
          rotationFault = rotate(options);
          ({ open, size } = current());
        }
        const written = writeLines(open, size, bytes);
        if (written.fault !== undefined) return { kind: 'failed', ...written };
      } catch (fault) {
        return { kind: 'failed', fault, lostLines: countLines(bytes) };
      }
      return rotationFault === undefined ? { kind: 'written' } : { kind: 'unrotated', fault: rotationFault };
    },
    close,
  };
}

function openFile(path: string): OpenFile {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, OPEN_FLAGS, OPEN_MODE);
  const status = fstatSync(fd);
  if (!status.isFile()) {
    closeSync(fd);
    throw new Error('it is not a regular file');
  }
  const last = Buffer.alloc(1);
  const tornEnd = status.size > 0 && readSync(fd, last, 0, 1, status.size - 1) === 1 && last[0] !== NEWLINE;
  return { fd, device: status.dev, inode: status.ino, tornEnd };
}

/** Writes all, or as many whole lines as fit; says what stopped it and how many lines are lost. */
function writeLines(file: OpenFile, size: number, lines: Buffer): { fault: unknown; lostLines: number } {
  const bytes = file.tornEnd ? Buffer.concat([Buffer.of(NEWLINE), lines]) : lines;
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(file.fd, bytes, written);
    file.tornEnd = false;
    return { fault: undefined, lostLines: 0 };
  } catch (fault) {
    const whole = bytes.subarray(0, written).lastIndexOf(NEWLINE) + 1;
    if (written > 0) file.tornEnd = !cutBack(file.fd, size + written, size + whole) || (whole === 0 && file.tornEnd);
    return { fault, lostLines: countLines(bytes.subarray(whole)) };
  }
}

/** Takes half a line back off the end, unless somebody else has written or truncated meanwhile. */
function cutBack(fd: number, expectedSize: number, size: number): boolean {
  if (fstatSync(fd).size !== expectedSize) return false;
  ftruncateSync(fd, size);
  return true;
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (const byte of bytes) if (byte === NEWLINE) lines += 1;
  return lines;
}

/** `path.1` becomes `path.2` and so on, the oldest goes, `path` becomes `path.1`. Returns what went wrong. */
function rotate({ path, keepFiles }: AppenderOptions): unknown {
  try {
    for (let n = keepFiles - 1; n >= 1; n -= 1) {
      const older = `${path}.${n}`;
      if (statSync(older, { throwIfNoEntry: false }) !== undefined) renameSync(older, `${path}.${n + 1}`);
    }
    renameSync(path, `${path}.1`);
    return undefined;
  } catch (fault) {
    return fault;
  }
}
