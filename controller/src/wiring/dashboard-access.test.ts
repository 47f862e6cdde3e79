import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../config.ts';
import { dashboardAccess } from './dashboard-access.ts';

const password = 'scrypt:16384:8:5:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const token = 'abcdefghijklmnopqrstuvwxyz';

const accessOf = (env: Readonly<Record<string, string>>) => dashboardAccess(loadConfig(env).dashboard);

describe('who may see the dashboard', () => {
  it.each([
    ['by default', {}],
    ['in a container that is published on loopback', { HOST: '0.0.0.0', BIND_ADDRESS: '127.0.0.1' }],
    ['on ::1', { HOST: '::1' }],
    ['on loopback, wherever containers are published', { HOST: '127.0.0.1', BIND_ADDRESS: '0.0.0.0' }],
  ])('needs no sign-in %s', (_where, env) => {
    expect(accessOf(env)).toMatchObject({ passwords: [], tokens: [] });
  });

  it('lets only the machine itself act where a container is published on loopback', () => {
    expect(accessOf({ HOST: '0.0.0.0', BIND_ADDRESS: '127.0.0.1' }).operateFrom).toContain('127.0.0.0/8');
    expect(accessOf({}).operateFrom).toBeUndefined();
  });

  it.each([
    ['on every address', { HOST: '0.0.0.0' }],
    ['in a container that is published on the network', { HOST: '0.0.0.0', BIND_ADDRESS: '192.168.1.2' }],
  ])('is refused without a sign-in %s, in one line with the way out', (_where, env) => {
    expect(() => accessOf(env)).toThrow(/^[^\n]*open to everybody[^\n]*hash-password[^\n]*127\.0\.0\.1[^\n]*$/);
  });

  it.each([
    ['a password', { DASHBOARD_PASSWORDS: `operate=${password}` }],
    ['a token', { DASHBOARD_TOKENS: `view=${token}` }],
    ['a proxy', { DASHBOARD_USER_HEADER: 'Remote-User', DASHBOARD_TRUSTED_PROXIES: '10.0.0.5' }],
  ])('may be reached by others with %s', (_what, env) => {
    expect(() => accessOf({ HOST: '0.0.0.0', ...env })).not.toThrow();
  });

  it('takes more from a file, and says which line of it is wrong', () => {
    const dir = mkdtempSync(join(tmpdir(), 'foghorn-access-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const file = join(dir, 'access');
    const env = { DASHBOARD_ACCESS_FILE: file, DASHBOARD_PASSWORDS: `view=${password}` };
    expect(() => accessOf(env)).toThrow(/DASHBOARD_ACCESS_FILE cannot be read/);
    writeFileSync(file, '# nothing yet\n');
    expect(() => accessOf(env)).toThrow(/no entry/);
    writeFileSync(file, `operate=${password}\nview=${token}\n`);
    expect(accessOf(env).passwords.map(({ role }) => role)).toEqual(['view', 'operate']);
    expect(accessOf(env).tokens).toHaveLength(1);
    writeFileSync(file, 'operate=letmein\n');
    expect(() => accessOf(env)).toThrow(/wrong on line 1/);
    expect(() => accessOf(env)).not.toThrow(/letmein/);
  });
});

describe('settings of the sign-in', () => {
  it.each([
    [{ DASHBOARD_PASSWORDS: 'operate=hunter22' }, /DASHBOARD_PASSWORDS: entry 1 is not/],
    [{ DASHBOARD_TOKENS: `view=${token},operate=short` }, /DASHBOARD_TOKENS: entry 2 is not/],
    [{ DASHBOARD_TRUSTED_PROXIES: '0.0.0.0/0' }, /DASHBOARD_TRUSTED_PROXIES: entry 1 is not/],
    [{ DASHBOARD_USER_HEADER: 'Remote-User' }, /DASHBOARD_USER_HEADER: anybody could send it/],
    [{ DASHBOARD_URL: 'monitor.example.org' }, /DASHBOARD_URL/],
  ])('%j is refused', (env, message) => {
    expect(() => loadConfig(env)).toThrow(message);
    expect(() => loadConfig(env)).not.toThrow(/hunter22/);
  });
});
