import { describe, expect, it } from 'vitest';
import { hashPassword, isPassword, parsePasswordHash } from './password-hash.ts';

describe('a password', () => {
  it('fits its hash, however its letters were typed, and no other', async () => {
    const text = await hashPassword('p\u00e4sswort');
    const hash = parsePasswordHash(text);
    expect(hash).toBeDefined();
    if (hash === undefined) return;
    expect(await isPassword('p\u00e4sswort', hash)).toBe(true);
    expect(await isPassword('pa\u0308sswort', hash)).toBe(true);
    expect(await isPassword('password', hash)).toBe(false);
    expect(await isPassword('', hash)).toBe(false);
  });

  it('has another hash each time, of letters that neither a shell nor Compose reads', async () => {
    const texts = await Promise.all([hashPassword('same'), hashPassword('same')]);
    expect(texts[0]).not.toBe(texts[1]);
    for (const text of texts) expect(text).toMatch(/^[\w:-]+$/);
  });
});

it.each([
  [''],
  ['secret'],
  ['scrypt:16384:8:5::'],
  ['scrypt:16383:8:5:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['scrypt:1048576:8:5:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['scrypt:16384:64:5:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['bcrypt:16384:8:5:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
])('is not read from %j', (text) => {
  expect(parsePasswordHash(text)).toBeUndefined();
});
