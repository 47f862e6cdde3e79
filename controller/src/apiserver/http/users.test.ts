import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anonymous, createAuthenticator, loadCredentials, parseTokens } from './users.ts';

describe('credentials', () => {
  it('are made once, one of each role, in a private file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'foghorn-tokens-'));
    const first = await loadCredentials(folder);
    expect(first.map(({ user }) => user.name)).toEqual(['admin', 'edit', 'view']);
    expect(statSync(join(folder, 'tokens.csv')).mode & 0o777).toBe(0o600);
    expect(await loadCredentials(folder)).toEqual(first);
    expect(readFileSync(join(folder, 'tokens.csv'), 'utf8').split('\n')).toHaveLength(4);
  });

  it('may have users and groups of their own', () => {
    const text = '# people\n\nsome-long-token,ann,u1,"foghorn:view,ops"\nother-long-token,bob\n';
    expect(parseTokens(text, 'f').map(({ user }) => user)).toEqual([
      { name: 'ann', uid: 'u1', groups: ['foghorn:view', 'ops', 'system:authenticated'] },
      { name: 'bob', groups: ['system:authenticated'] },
    ]);
  });

  it.each(['short,ann', 'no comma at all', 'some-long-token,,u'])(
    'refuses the line %s and does not repeat it',
    (line) => {
      expect(() => parseTokens(line, 'tokens.csv')).toThrow('tokens.csv:1: not token,user,uid,"group,group"');
    },
  );
});

describe('who asks', () => {
  const find = createAuthenticator(parseTokens('some-long-token,ann,,"foghorn:view"', 'f'));

  it.each([
    [undefined, anonymous.name],
    ['Bearer some-long-token', 'ann'],
    ['bearer some-long-token ', 'ann'],
  ])('with %s is %s', (header, name) => {
    const user = find(header);
    expect(user === 'invalid' ? user : user.name).toBe(name);
  });

  it.each(['Bearer wrong', 'Basic YTpi', 'Bearer', '', `Bearer ${'x'.repeat(5000)}`])(
    'is refused with %s',
    (header) => {
      expect(find(header)).toBe('invalid');
    },
  );
});
