import { X509Certificate } from 'node:crypto';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadIdentity, renewalDueMs } from './tls.ts';

const names = ['localhost', '127.0.0.1', 'monitor'];
const nowMs = Date.parse('2026-11-22T10:00:00Z');
const DAY_MS = 86_400_000;

function newFolder(): string {
  return join(mkdtempSync(join(tmpdir(), 'foghorn-pki-')), 'pki');
}

describe('the identity of the server', () => {
  it('is made at first use, for all names, in files that only the owner reads', async () => {
    const folder = newFolder();
    const identity = await loadIdentity(folder, names, nowMs);
    const certificate = new X509Certificate(identity.certificatePem);
    expect(certificate.verify(new X509Certificate(identity.authorityPem).publicKey)).toBe(true);
    expect(certificate.checkHost('monitor')).toBe('monitor');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('example.com')).toBeUndefined();
    expect(statSync(join(folder, 'ca.key')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('stays the same over restarts', async () => {
    const folder = newFolder();
    const first = await loadIdentity(folder, names, nowMs);
    expect(await loadIdentity(folder, names, nowMs + 100 * DAY_MS)).toEqual(first);
  });

  it('is renewed under the same authority before it ends', async () => {
    const folder = newFolder();
    const first = await loadIdentity(folder, names, nowMs);
    const dueMs = renewalDueMs(first, nowMs);
    expect(dueMs).toBe(335 * DAY_MS);
    const second = await loadIdentity(folder, names, nowMs + dueMs + 1);
    expect(second.authorityPem).toBe(first.authorityPem);
    expect(second.certificatePem).not.toBe(first.certificatePem);
  });

  it.each([
    ['a name is missing', async (folder: string) => loadIdentity(folder, [...names, 'controller'], nowMs)],
    [
      'the file is damaged',
      async (folder: string) => {
        writeFileSync(join(folder, 'server.crt'), 'nothing');
        return loadIdentity(folder, names, nowMs);
      },
    ],
  ])('is made again when %s', async (_why, again) => {
    const folder = newFolder();
    const first = await loadIdentity(folder, names, nowMs);
    const second = await again(folder);
    expect(second.certificatePem).not.toBe(first.certificatePem);
    expect(second.authorityPem).toBe(first.authorityPem);
  });
});
