import { describe, expect, it } from 'vitest';
import { isLoopback, isNetwork, parseAccessFile, parsePassword, parseToken, tokenDigest } from './access.ts';

const token = 'abcdefghijklmnopqrstuvwxyz';
const hash = 'scrypt:16384:8:5:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

describe('a token', () => {
  it('is kept as its digest, given as itself or as that', () => {
    const digest = tokenDigest(token);
    expect(parseToken(`view=${token}`)).toEqual({ role: 'view', digest });
    expect(parseToken(`operate=sha256:${digest.toString('hex')}`)).toEqual({ role: 'operate', digest });
  });

  it.each([[''], [token], [`admin=${token}`], ['view=short'], ['view='], [`view=${token} and more`]])(
    'is not read from %j',
    (entry) => {
      expect(parseToken(entry)).toBeUndefined();
    },
  );
});

it('a password says its role', () => {
  expect(parsePassword(`operate=${hash}`)?.role).toBe('operate');
  expect(parsePassword(`root=${hash}`)).toBeUndefined();
  expect(parsePassword(hash)).toBeUndefined();
});

it('a file has passwords and tokens, and says which lines are neither', () => {
  const file = parseAccessFile(`# who\r\noperate=${hash}\n\nview=${token}\noperate=scrypt:1:2\nview=x\n`);
  expect(file.passwords).toHaveLength(1);
  expect(file.tokens).toHaveLength(1);
  expect(file.wrong).toEqual([5, 6]);
});

it.each([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['localhost', true],
  ['::1', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.4', false],
  ['127.0.0.1.example.org', false],
  ['', false],
])('loopback %s: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});

it.each([
  ['10.0.0.1', true],
  ['10.0.0.0/8', true],
  ['::1', true],
  ['fd00::/8', true],
  ['10.0.0.0/33', false],
  ['0.0.0.0/0', false],
  ['10.0.0.0/8/8', false],
  ['proxy', false],
  ['', false],
])('network %s: %s', (text, expected) => {
  expect(isNetwork(text)).toBe(expected);
});
