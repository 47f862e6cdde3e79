import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileBody, inlineBody, MAX_BODY_BYTES, parseBody } from './body.ts';
import { createFileReader, REFUSE_FILES, type ReadFile } from './files.ts';
import { InputError } from './input-error.ts';

let folder = '';
const path = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foghorn-body-'));
  for (const name of ['a.json', 'b.XML', 'c.unknown']) writeFileSync(path(name), '{"a":1}');
  writeFileSync(path('image.png'), Buffer.from([0x89, 0x50, 0xff]));
  writeFileSync(path('large.txt'), '');
  truncateSync(path('large.txt'), MAX_BODY_BYTES + 1);
  mkdirSync(path('folder'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a body', () => {
  it.each([
    ['a.json', 'application/json'],
    ['b.XML', 'application/xml'],
    ['c.unknown', 'application/octet-stream'],
    ['image.png', 'image/png'],
  ])('from %s is announced as %s', (name, contentType) => {
    expect(parseBody('--body', `@${path(name)}`, createFileReader()).contentType).toBe(contentType);
  });

  it.each([
    ['{"a":1}', 'application/json'],
    [' [1]', 'application/json'],
    ['a=b', 'text/plain; charset=utf-8'],
  ])('inline as %s is announced as %s', (text, contentType) => {
    expect(inlineBody('--body', text)).toEqual({ what: '--body', content: text, contentType });
  });

  it('is text where it can be, and else its bytes', () => {
    const readFile = createFileReader();
    expect(fileBody('--body', path('a.json'), readFile).content).toBe('{"a":1}');
    expect(fileBody('--body', path('image.png'), readFile).content).toEqual(Buffer.from([0x89, 0x50, 0xff]));
  });

  it('is read once', () => {
    writeFileSync(path('once.txt'), 'first');
    const readFile = createFileReader();
    fileBody('--body', path('once.txt'), readFile);
    writeFileSync(path('once.txt'), 'second');
    expect(fileBody('--body', path('once.txt'), readFile).content).toBe('first');
  });

  it.each<[string, string, ReadFile, string]>([
    ['a file that is missing', 'none.json', createFileReader(), 'there is no such file'],
    ['a folder', 'folder', createFileReader(), 'is not a file'],
    ['a file that is too large', 'large.txt', createFileReader(), 'has 10485761 bytes, more than 10485760'],
    ['any file for options of others', 'a.json', REFUSE_FILES, 'files may not be used with --untrusted'],
  ])('is not %s', (_name, name, readFile, message) => {
    const attempt = (): unknown => fileBody('--body', path(name), readFile);
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
  });
});
