import { describe, expect, it } from 'vitest';
import { readAuthorization } from './authorization.ts';

const env = {
  USER_PASS: 'anna:s3:cret\n',
  TOKEN: ' abc.def ',
  BAD: 'no-colon-s3cret',
  FORGED: 's3cret\r\nx: y',
  EMPTY: '',
};
const read = (flags: { basicAuthEnv?: string; bearerEnv?: string }): string | undefined =>
  readAuthorization({ basicAuthEnv: flags.basicAuthEnv, bearerEnv: flags.bearerEnv }, env);

describe('readAuthorization', () => {
  it('is nothing unless it is asked for', () => {
    expect(read({})).toBeUndefined();
  });

  it('encodes user and password', () => {
    expect(read({ basicAuthEnv: 'USER_PASS' })).toBe(`Basic ${Buffer.from('anna:s3:cret').toString('base64')}`);
  });

  it('takes a token', () => {
    expect(read({ bearerEnv: 'TOKEN' })).toBe('Bearer abc.def');
  });

  it.each([
    [{ basicAuthEnv: 'USER_PASS', bearerEnv: 'TOKEN' }, 'give one of --basic-auth-env and --bearer-env'],
    [{ bearerEnv: 'NOTHING' }, '--bearer-env: the environment has no NOTHING'],
    [{ bearerEnv: 'EMPTY' }, 'the environment has no EMPTY'],
    [{ basicAuthEnv: 'BAD' }, 'BAD does not hold user:password'],
    [{ bearerEnv: 'FORGED' }, 'FORGED does not hold a token'],
    [{ basicAuthEnv: 'anna:s3cret' }, '--basic-auth-env takes the name of an environment variable'],
  ])('refuses %j without telling the secret', (flags, message) => {
    expect(() => read(flags)).toThrow(message);
    expect(() => read(flags)).not.toThrow(/s3cret/);
  });
});
