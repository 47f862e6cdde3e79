import { describe, expect, it } from 'vitest';
import { buildLoadTest } from './builders.ts';
import { commandLine } from './command-line.ts';

describe('the command line of a generator', () => {
  it('has the whole plan as a list, never as a text for a shell', () => {
    const test = buildLoadTest({
      headers: { 'x-test': 'a; rm -rf $HOME' },
      endpoints: [{ method: 'POST', path: '/a@3', weight: 2 }],
      stages: [{ durationMs: 30_000, rate: 50, shape: 'ramp' }],
    });
    expect(commandLine(test, 0)).toEqual(
      [
        '--json --untrusted --timeout 5000ms --concurrency 10 --stage 30000ms:50:ramp --endpoint'.split(' '),
        'POST /a@3@2',
        '--header',
        'x-test: a; rm -rf $HOME',
      ].flat(),
    );
  });

  it('has headers and body of an endpoint, authorization and TLS, and no secret', () => {
    const ca = '-----BEGIN CERTIFICATE-----';
    const test = buildLoadTest({
      endpoints: [{ method: 'PUT', path: '/a', weight: 2, headers: { 'x-a': '{{seq}}' }, body: '{"n":1}' }],
      authorization: { kind: 'basic', env: 'LOADTEST_SECRET_A' },
      tls: { insecureSkipVerify: false, ca, serverName: 'api' },
    });
    const args = commandLine(test, 0);
    expect(args.slice(args.indexOf('--endpoint'))).toEqual([
      '--endpoint',
      '{"method":"PUT","path":"/a","weight":2,"headers":{"x-a":"{{seq}}"},"body":"{\\"n\\":1}"}',
      '--basic-auth-env',
      'LOADTEST_SECRET_A',
      `--cacert=${ca}`,
      '--servername=api',
    ]);
    expect(commandLine(buildLoadTest({ tls: { insecureSkipVerify: true } }), 0)).toContain('--insecure');
    expect(commandLine(buildLoadTest({ authorization: { kind: 'bearer', env: 'A' } }), 0)).toContain('--bearer-env');
  });

  it('has numbers of its own for its requests', () => {
    const shares = [0, 1].map((index) => commandLine(buildLoadTest({ parallelism: 2 }), index).join(' '));
    expect(shares[0]).toContain('--seq-first 1 --seq-step 2');
    expect(shares[1]).toContain('--seq-first 2 --seq-step 2');
  });

  it('has its share of rate and connections', () => {
    const test = buildLoadTest({
      parallelism: 3,
      concurrency: 10,
      stages: [{ durationMs: 1000, rate: 100, shape: 'constant' }],
    });
    const shares = [0, 1, 2].map((index) => commandLine(test, index));
    expect(shares.map((args) => args[args.indexOf('--concurrency') + 1])).toEqual(['4', '3', '3']);
    expect(shares[0]).toContain('1000ms:33.333333:constant');
  });

  it('has a connection at least', () => {
    expect(commandLine(buildLoadTest({ parallelism: 5, concurrency: 2 }), 4)).toContain('1');
  });
});
