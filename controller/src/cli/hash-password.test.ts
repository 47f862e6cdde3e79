import { expect, it } from 'vitest';
import { loadConfig } from '../config.ts';
import { isPassword } from '../model/password-hash.ts';
import { hashPasswordCommand } from './hash-password.ts';
import { createTestContext } from './test-context.ts';

it('makes a line for the settings that the password fits', async () => {
  const context = createTestContext('correct horse battery\n');
  expect(await hashPasswordCommand(['--role', 'view'], context)).toBe(0);
  const [name = '', ...rest] = context.written().trim().split('=');
  const { access } = loadConfig({ [name]: rest.join('=') }).dashboard;
  expect(access.passwords.map(({ role }) => role)).toEqual(['view']);
  const [kept] = access.passwords;
  expect(kept && (await isPassword('correct horse battery', kept.hash))).toBe(true);
});

const tokensOf = (value: string) => loadConfig({ DASHBOARD_TOKENS: value }).dashboard.access.tokens;

it('makes a token, of which the settings hold the digest only', async () => {
  const context = createTestContext();
  expect(await hashPasswordCommand(['--token'], context)).toBe(0);
  const [, token = '', digest = ''] =
    /^Authorization: Bearer (\S+)\nDASHBOARD_TOKENS=(\S+)\n$/.exec(context.written()) ?? [];
  expect(digest).not.toContain(token);
  expect(tokensOf(digest)).toEqual(tokensOf(`operate=${token}`));
});

it.each([
  ['short\n', []],
  ['', []],
  ['two lines\nof password\n', []],
  ['long enough it is\n', ['--role', 'admin']],
])('refuses %j %j', async (stdin, args) => {
  const context = createTestContext(stdin);
  expect(await hashPasswordCommand(args, context)).toBe(2);
  expect(context.written()).toBe('');
});
