import { describe, expect, it } from 'vitest';
import { ProbeCancelledError, ProbeDeadlineError } from './deadline.ts';
import { classifyFailure, failure } from './failure.ts';

const coded = (code: unknown): Error => Object.assign(new Error('postgres://user:secret@host'), { code });

describe('classifyFailure', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ETIMEDOUT', 'timeout'],
    ['EHOSTUNREACH', 'network'],
    ['CERT_NOT_YET_VALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['CERT_REVOKED', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['ESOMETHING', 'network'],
    ['constructor', 'network'],
  ])('takes %s for %s, and repeats nothing of the text', (code, kind) => {
    const result = classifyFailure(coded(code));
    expect(result.kind).toBe(kind);
    expect(result.message).toContain(`(${code})`);
    expect(result.message).not.toContain('secret');
  });

  it.each([
    [new ProbeDeadlineError(1500), 'timeout', 'no answer within 1500 ms'],
    [new ProbeCancelledError(), 'network', 'the probe was called off'],
    [new Error('odd'), 'network', 'odd'],
    ['thrown text', 'network', 'thrown text'],
  ])('takes %s for %s', (thrown, kind, message) => {
    expect(classifyFailure(thrown)).toEqual({ kind, message });
  });
});

describe('failure', () => {
  it('makes one bounded line of any text', () => {
    expect(failure('query', 'a\r\n\u001B[31mb\u0000\tc').message).toBe('a [31mb c');
    expect(failure('query', 'x'.repeat(1000)).message).toHaveLength(300);
  });
});
