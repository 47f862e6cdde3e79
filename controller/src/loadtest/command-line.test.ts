import { describe, expect, it } from 'vitest';
import { buildLoadTest } from './builders.ts';
import { commandLine } from './command-line.ts';
import { argumentsOf } from './launcher.ts';

describe('the command line of a generator', () => {
  it('has the whole plan as a list, never as a text for a shell', () => {
    const test = buildLoadTest({
      headers: { 'x-test': 'a; rm -rf $HOME' },
      endpoints: [{ method: 'POST', path: '/a@3', weight: 2 }],
      stages: [{ durationMs: 30_000, rate: 50, shape: 'ramp' }],
    });
    expect(commandLine(test)).toEqual(
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
    const args = commandLine(test);
    expect(args.slice(args.indexOf('--endpoint'))).toEqual([
      '--endpoint',
      '{"method":"PUT","path":"/a","weight":2,"headers":{"x-a":"{{seq}}"},"body":"{\\"n\\":1}"}',
      '--basic-auth-env',
      'LOADTEST_SECRET_A',
      `--cacert=${ca}`,
      '--servername=api',
    ]);
    expect(commandLine(buildLoadTest({ tls: { insecureSkipVerify: true } }))).toContain('--insecure');
    expect(commandLine(buildLoadTest({ authorization: { kind: 'bearer', env: 'A' } }))).toContain('--bearer-env');
  });

  it('says which of them it is, and leaves it to the generator to take its share', () => {
    const test = buildLoadTest({ parallelism: 3, concurrency: 10 });
    const order = { args: commandLine(test), parallelism: 3, index: 2 };
    expect(argumentsOf(order, 'http://web').join(' ')).toMatch(
      /^--url http:\/\/web --share 2\/3 --json .* --concurrency 10 /,
    );
  });
});
