import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAppender, type Appender } from './appender.ts';

let dir: string;
let path: string;
let appender: Appender;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'foghorn-appender-'));
  path = join(dir, 'metrics.log');
  appender = createAppender({ path, maxBytes: 10_000, keepFiles: 3 });
});

afterEach(() => {
  appender.close();
  rmSync(dir, { recursive: true, force: true });
});

const text = (file = path): string => readFileSync(file, 'utf8');

describe('appender', () => {
  it('makes folder and file, and appends', () => {
    appender = createAppender({ path: join(dir, 'a', 'b', 'metrics.log'), maxBytes: 10_000, keepFiles: 3 });
    expect(appender.append('one\n')).toEqual({ kind: 'written' });
    appender.append('two\nthree\n');
    expect(text(join(dir, 'a', 'b', 'metrics.log'))).toBe('one\ntwo\nthree\n');
  });

  it('goes on in a new file after the old one was renamed', () => {
    appender.append('one\n');
    renameSync(path, `${path}-20240113`);
    appender.append('two\n');
    expect(text(`${path}-20240113`)).toBe('one\n');
    expect(text()).toBe('two\n');
  });

  it('goes on in the file that somebody else put in its place', () => {
    appender.append('one\n');
    renameSync(path, `${path}.old`);
    writeFileSync(path, 'created by logrotate\n');
    appender.append('two\n');
    expect(text()).toBe('created by logrotate\ntwo\n');
  });

  it('goes on at the new end after copytruncate, without a hole', () => {
    appender.append('one\n');
    copyFileSync(path, `${path}.copy`);
    truncateSync(path);
    appender.append('two\n');
    expect(text()).toBe('two\n');
  });

  it('makes the file again when it, or its folder, was deleted', () => {
    appender.append('one\n');
    rmSync(path);
    appender.append('two\n');
    expect(text()).toBe('two\n');
    rmSync(dir, { recursive: true });
    appender.append('three\n');
    expect(text()).toBe('three\n');
  });

  it('ends the half line of a crash before it writes', () => {
    writeFileSync(path, 'whole\nhal');
    appender.append('two\n');
    appender.append('three\n');
    expect(text()).toBe('whole\nhal\ntwo\nthree\n');
  });

  it('leaves a whole last line as it is', () => {
    writeFileSync(path, 'whole\n');
    appender.append('two\n');
    expect(text()).toBe('whole\ntwo\n');
  });

  it('opens anew after close', () => {
    appender.append('one\n');
    appender.close();
    appender.close();
    appender.append('two\n');
    expect(text()).toBe('one\ntwo\n');
  });

  it('rotates before a batch that would pass the size, keeps so many files, and loses and splits no line', () => {
    appender = createAppender({ path, maxBytes: 30, keepFiles: 3 });
    for (let n = 10; n < 30; n += 1) appender.append(`line ${n}, tenth\nmore\n`);
    expect(readdirSync(dir).sort()).toEqual(['metrics.log', 'metrics.log.1', 'metrics.log.2', 'metrics.log.3']);
    expect([3, 2, 1].map((n) => text(`${path}.${n}`)).join('') + text()).toBe(
      [26, 27, 28, 29].map((n) => `line ${n}, tenth\nmore\n`).join(''),
    );
  });

  it('counts what is in the file from before a restart towards its size', () => {
    writeFileSync(path, `${'x'.repeat(9_990)}\n`);
    appender.append('a line that does not fit\n');
    expect(text()).toBe('a line that does not fit\n');
    expect(text(`${path}.1`)).toHaveLength(9_991);
  });

  it('writes a batch that is larger than a file whole', () => {
    appender = createAppender({ path, maxBytes: 10, keepFiles: 1 });
    appender.append('one\ntwo\nthree\nfour\n');
    expect(text()).toBe('one\ntwo\nthree\nfour\n');
  });

  it('goes on writing when it cannot rotate, and says so', () => {
    appender = createAppender({ path, maxBytes: 10, keepFiles: 1 });
    appender.append('one\n');
    mkdirSync(`${path}.1`);
    expect(appender.append('two is long\n').kind).toBe('unrotated');
    expect(text()).toBe('one\ntwo is long\n');
    rmSync(`${path}.1`, { recursive: true });
    expect(appender.append('three is long\n')).toEqual({ kind: 'written' });
    expect(text()).toBe('three is long\n');
  });

  it.each([
    ['a folder', () => mkdirSync(path)],
    ['a pipe that nobody reads', () => execFileSync('mkfifo', [path])],
  ])('says what failed, and does not hang, when its place is taken by %s', (_, take) => {
    take();
    expect(appender.append('one\ntwo\n')).toMatchObject({ kind: 'failed', lostLines: 2 });
    rmSync(path, { recursive: true });
    expect(appender.append('three\n')).toEqual({ kind: 'written' });
    expect(text()).toBe('three\n');
  });

  it('does not touch what another writer appended', () => {
    appender.append('one\n');
    appendFileSync(path, 'theirs\n');
    appender.append('two\n');
    expect(text()).toBe('one\ntheirs\ntwo\n');
    expect(existsSync(`${path}.1`)).toBe(false);
  });
});
