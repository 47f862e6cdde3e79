import { describe, expect, it } from 'vitest';
import { classifyFailure, failureOfStatus, KubeletError, reasonsOf } from './failure.ts';

describe('an answer', () => {
  it.each([
    [401, 'Unauthorized', 'unauthorized', /^401 Unauthorized: it does not accept the token/],
    [403, 'Forbidden (user=a)\n', 'forbidden', /^403 Forbidden \(user=a\): give the account get on nodes\/metrics/],
    [404, '404 page not found', 'notServed', /^404 404 page/],
    [500, '\u001b[31mpanic\n<b>', 'garbage', /^500 \[31mpanic <b>$/],
  ] as const)('%i %j is %s', (status, body, fault, message) => {
    expect(failureOfStatus(status, body, 'nodes/metrics')).toMatchObject({
      fault,
      message: expect.stringMatching(message),
    });
  });

  it('is shown in short, however long it is', () => {
    expect(failureOfStatus(500, 'x'.repeat(1_000_000), '').message.length).toBeLessThan(250);
  });
});

describe('a call that failed', () => {
  it.each([
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'name', /not for this node/],
    ['CERT_HAS_EXPIRED', 'expired', /has expired/],
    ['CERT_NOT_YET_VALID', 'expired', /not valid yet.*clocks/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'authority', /KUBELET_CA_FILE/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'authority', /KUBELET_CA_FILE/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'authority', /serverTLSBootstrap/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'authority', /KUBELET_INSECURE_TLS/],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'uncertified', /kubectl get csr/],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'uncertified', /kubectl get csr/],
    ['ETIMEDOUT', 'timeout', /in time/],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', /in time/],
    ['ECONNREFUSED', 'refused', /broken/],
    ['ECONNRESET', 'reset', /broken/],
    ['UND_ERR_SOCKET', 'reset', /broken/],
    ['EHOSTUNREACH', 'noRoute', /broken/],
    ['ENOTFOUND', 'noRoute', /broken/],
    ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'tooLarge', /too large/],
    ['HPE_INVALID_CONSTANT', 'garbage', /broken/],
  ] as const)('with %s is %s', (code, fault, message) => {
    const thrown = Object.assign(new Error('broken'), { code });
    expect(classifyFailure(thrown)).toMatchObject({ fault, message: expect.stringMatching(message) });
    expect(classifyFailure(new TypeError('wrapped', { cause: thrown })).fault).toBe(fault);
  });

  it('that is known stays as it is', () => {
    const known = new KubeletError('stale', 'old');
    expect(classifyFailure(known)).toBe(known);
  });

  it('has a reason of its own for each thing that somebody must mend', () => {
    const faults = [
      'unauthorized',
      'forbidden',
      'authority',
      'name',
      'expired',
      'timeout',
      'refused',
      'reset',
    ] as const;
    const shown = [...faults, 'stale', 'noRoute', 'garbage'] as const;
    const reasons = shown.map((fault) => reasonsOf(new KubeletError(fault, '')).host);
    expect(new Set(reasons).size).toBe(shown.length);
  });
});
