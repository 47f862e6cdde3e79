import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The whole lines in the last `maxBytes` of a file, oldest first; none when it cannot be read. */
export function readLastLines(path: string, maxBytes: number): readonly string[] {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    // A first start has no file yet; one that cannot be read is told by the appender, which needs more rights.
    return [];
  }
  try {
    const status = fstatSync(fd);
    if (!status.isFile()) return [];
    const start = Math.max(0, status.size - maxBytes);
    const bytes = Buffer.alloc(status.size - start);
    const text = bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, start));
    const lines = text.split('\n');
    return lines.slice(start > 0 ? 1 : 0, -1);
  } finally {
    closeSync(fd);
  }
}
