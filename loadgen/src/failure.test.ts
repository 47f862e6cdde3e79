import { describe, expect, it } from 'vitest';
import { classifyFailure } from './failure.ts';

describe('classifyFailure', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'refused'],
    ['ECONNRESET', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['HPE_INVALID_CONSTANT', 'protocol'],
    ['EMFILE', 'local'],
    ['EADDRNOTAVAIL', 'local'],
    ['EILSEQ', 'other'],
  ])('sorts %s as %s', (code, kind) => {
    expect(classifyFailure(Object.assign(new Error('failed'), { code }))).toBe(kind);
  });

  it('sorts a name with several addresses by the last of them', () => {
    const each = ['EADDRNOTAVAIL', 'ECONNREFUSED'].map((code) => Object.assign(new Error('failed'), { code }));
    expect(classifyFailure(Object.assign(new AggregateError(each), { code: 'EADDRNOTAVAIL' }))).toBe('refused');
  });

  it('takes an error without a code as other', () => {
    expect(classifyFailure(new Error('failed'))).toBe('other');
  });
});
