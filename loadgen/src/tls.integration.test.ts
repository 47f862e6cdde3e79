import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from './input-error.ts';
import { parseCommand } from './options.ts';
import { run } from './test-attack.ts';

const folder = mkdtempSync(join(tmpdir(), 'foghorn-load-tls-'));
const file = (name: string): string => join(folder, name);

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
}

/** An authority, a certificate of a server named `api.test` at 127.0.0.2 only, and one of a client. */
function makeCertificates(): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=ca', '-days', '2');
  writeFileSync(file('names'), 'subjectAltName=DNS:api.test,IP:127.0.0.2');
  for (const name of ['server', 'client']) {
    openssl('req', ...key, '-keyout', `${name}-key.pem`, '-out', 'request.pem', '-subj', `/CN=${name}`);
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    openssl('x509', '-req', '-in', 'request.pem', ...signing, '-out', `${name}.pem`);
  }
  writeFileSync(file('broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  writeFileSync(file('empty.pem'), '');
}

/** What became of ten requests: how many were answered, how many failed and why. */
async function attack(url: string, ...args: readonly string[]): Promise<object> {
  const command = parseCommand(['--url', url, '--endpoint', '/', '--rate', '100', '--duration', '100ms', ...args], {});
  if (command.kind !== 'load') throw new Error('expected a load');
  const { measure } = await run({ ...command, pick: () => 0 });
  return Object.fromEntries([...measure.total.statuses, ...measure.total.failures]);
}

describe('a target with TLS', () => {
  let servers: readonly Server[] = [];
  let names: (string | false | null)[] = [];

  const start = async (options: object): Promise<Server> => {
    const ours = { ca: readFileSync(file('ca.pem')), cert: readFileSync(file('server.pem')) };
    const server = createServer(
      { ...ours, key: readFileSync(file('server-key.pem')), ...options },
      (request, response) => {
        names.push((request.socket as TLSSocket).servername);
        response.end('hello');
      },
    );
    server.on('tlsClientError', () => {});
    await once(server.listen(0, '0.0.0.0'), 'listening');
    return server;
  };
  const urlOf = (index: number, host: string): string =>
    `https://${host}:${(servers[index]?.address() as AddressInfo | undefined)?.port}`;

  beforeAll(async () => {
    makeCertificates();
    servers = [await start({}), await start({ requestCert: true, rejectUnauthorized: true })];
  });
  beforeEach(() => {
    names = [];
  });
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(folder, { recursive: true });
  });

  it('is not believed with a certificate of an unknown authority', async () => {
    expect(await attack(urlOf(0, '127.0.0.2'))).toEqual({ tls: 10 });
    expect(names).toEqual([]);
  });

  it('is believed with --insecure, whoever it is', async () => {
    expect(await attack(urlOf(0, '127.0.0.1'), '--insecure')).toEqual({ 200: 10 });
  });

  it.each(['a file', 'a text'])('is believed by --cacert with %s', async (form) => {
    const cacert = form === 'a file' ? file('ca.pem') : readFileSync(file('ca.pem'), 'utf8');
    expect(await attack(urlOf(0, '127.0.0.2'), `--cacert=${cacert}`)).toEqual({ 200: 10 });
  });

  it('is not believed when the certificate has another name', async () => {
    expect(await attack(urlOf(0, '127.0.0.1'), '--cacert', file('ca.pem'))).toEqual({ tls: 10 });
  });

  it('is asked for, and believed by, the name of --servername, whatever the header host says', async () => {
    const args = ['--cacert', file('ca.pem'), '--servername', 'api.test', '--header', 'Host: other.test'];
    expect(await attack(urlOf(0, '127.0.0.1'), ...args)).toEqual({ 200: 10 });
    expect([...new Set(names)]).toEqual(['api.test']);
  });

  it('that wants to know us says so without a certificate', async () => {
    expect(await attack(urlOf(1, '127.0.0.2'), '--cacert', file('ca.pem'))).toEqual({ tls: 10 });
  });

  it('that wants to know us takes --cert and --key', async () => {
    const ours = ['--cert', file('client.pem'), '--key', file('client-key.pem')];
    expect(await attack(urlOf(1, '127.0.0.2'), '--cacert', file('ca.pem'), ...ours)).toEqual({ 200: 10 });
  });

  it.each<[string, readonly string[], string]>([
    ['a file that is missing', ['--cacert', 'none.pem'], '--cacert: "none.pem": there is no such file'],
    ['a file without a certificate', ['--cacert', file('empty.pem')], '--cacert holds no certificate in PEM form'],
    ['a damaged certificate', ['--cacert', file('broken.pem')], 'is damaged, has a passphrase, or key and'],
    ['a certificate without its key', ['--cert', file('client.pem')], '--cert and --key go together'],
    [
      'a key of another certificate',
      ['--cert', file('client.pem'), '--key', file('server-key.pem')],
      'key and certificate do not fit (ERR_OSSL_X509_KEY_VALUES_MISMATCH)',
    ],
    ['a name that is none', ['--servername', 'a b'], '--servername "a b" is not a host name'],
    ['two opinions', ['--insecure', '--cacert', file('ca.pem')], 'give one of --insecure and --cacert'],
    [
      'files for options of others',
      ['--untrusted', '--cacert', file('ca.pem')],
      'files may not be used with --untrusted',
    ],
  ])('is not even asked with %s', async (_name, args, message) => {
    const attempt = (): unknown => parseCommand(['--url', 'https://127.0.0.2', ...args], {});
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/PRIVATE/);
  });
});
