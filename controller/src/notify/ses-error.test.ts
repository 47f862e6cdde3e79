import { describe, expect, it } from 'vitest';
import { classifySesError } from './ses-error.ts';

const addresses = { from: 'alerts@example.org', to: 'ops@example.com' };

function sdkError(name: string, message: string, status = 400, code?: string): Error {
  return Object.assign(new Error(message), {
    name,
    ...(status === 0 ? {} : { $metadata: { httpStatusCode: status, attempts: 1 } }),
    ...(code === undefined ? {} : { code }),
  });
}

const unverified = 'Email address is not verified. The following identities failed the check in region US-EAST-1: ';

describe('classifySesError', () => {
  it.each([
    ['Throttling', 'Maximum sending rate exceeded.', 400, 'throttled'],
    ['ThrottlingException', 'Rate exceeded', 400, 'throttled'],
    ['TooManyRequestsException', 'Too many requests', 429, 'throttled'],
    ['Throttling', 'Daily message quota exceeded.', 400, 'quota'],
    ['LimitExceededException', 'Sending quota exceeded for the last 24 hours', 400, 'quota'],
    ['InternalFailure', 'x', 500, 'server'],
    ['ServiceUnavailable', 'x', 503, 'server'],
    ['Unknown', '<html>bad gateway</html>', 502, 'server'],
    ['Error', 'XML parse error', 400, 'server'],
    ['AccountSendingPausedException', 'x', 400, 'paused'],
    ['ConfigurationSetSendingPausedException', 'x', 400, 'paused'],
    ['SendingPausedException', 'x', 400, 'paused'],
    ['SignatureDoesNotMatch', 'x', 403, 'credentials'],
    ['InvalidClientTokenId', 'x', 403, 'credentials'],
    ['AccessDenied', 'x', 403, 'credentials'],
    ['AccessDeniedException', 'x', 403, 'credentials'],
    ['RequestExpired', 'x', 400, 'credentials'],
    ['ExpiredToken', 'x', 403, 'credentials'],
    ['CredentialsProviderError', 'Could not load credentials from any providers', 0, 'credentials'],
    ['Error', 'Region is missing', 0, 'credentials'],
    ['RequestTimeout', 'x', 408, 'timeout'],
    ['TimeoutError', 'x', 0, 'timeout'],
    ['AbortError', 'Request aborted', 0, 'timeout'],
    ['Error', 'no idea', 0, 'server'],
  ])('tries %s "%s" (%d) again: %s', (name, message, status, reason) => {
    expect(classifySesError(sdkError(name, message, status), addresses)).toMatchObject({ kind: 'retry', reason });
  });

  it.each([
    ['TimeoutError', 'ECONNRESET', 'network'],
    ['Error', 'ECONNREFUSED', 'network'],
    ['AggregateError', 'ECONNREFUSED', 'network'],
    ['Error', 'ENOTFOUND', 'network'],
    ['Error', 'EAI_AGAIN', 'network'],
    ['Error', 'CERT_HAS_EXPIRED', 'network'],
    ['TimeoutError', 'ETIMEDOUT', 'timeout'],
  ])('tries %s with code %s again: %s', (name, code, reason) => {
    const delivery = classifySesError(sdkError(name, '', 0, code), addresses);
    expect(delivery).toMatchObject({ kind: 'retry', reason });
    expect('message' in delivery && delivery.message).toContain(code);
  });

  it.each([
    ['MessageRejected', `${unverified}ops@example.com`, 'address'],
    ['MessageRejected', `${unverified}alerts@example.org`, 'sender'],
    ['MessageRejected', `${unverified}ops@example.com, alerts@example.org`, 'sender'],
    ['MessageRejected', `${unverified}arn:aws:ses:us-east-1:1:identity/x`, 'address'],
    ['MessageRejected', 'Address blacklisted.', 'address'],
    ['MessageRejected', 'Message contains a virus', 'content'],
    ['MailFromDomainNotVerifiedException', 'x', 'sender'],
    ['ConfigurationSetDoesNotExistException', 'x', 'config'],
    ['InvalidParameterValue', "Missing final '@domain'", 'address'],
    ['InvalidParameterValue', 'Local address contains control or whitespace', 'address'],
    ['InvalidParameterValue', 'Message length is more than 10485760 bytes long', 'content'],
    ['ValidationError', 'x', 'content'],
    ['InvalidAction', 'x', 'config'],
    ['TemplateDoesNotExistException', 'x', 'config'],
  ])('gives up on %s "%s": %s', (name, message, reason) => {
    expect(classifySesError(sdkError(name, message), addresses)).toMatchObject({ kind: 'rejected', reason });
  });

  it('does not take a recipient for the sender whose address ends the same', () => {
    const pair = { from: 'ops@example.com', to: 'more-ops@example.com' };
    const delivery = classifySesError(sdkError('MessageRejected', `${unverified}more-ops@example.com`), pair);
    expect(delivery).toMatchObject({ kind: 'rejected', reason: 'address' });
  });

  it('says in one bounded line what is wrong and what to do', () => {
    const delivery = classifySesError(sdkError('AccessDenied', `no\r\n${'x'.repeat(100_000)}`, 403), addresses);
    const message = 'message' in delivery ? delivery.message : '';
    expect(message).toMatch(/^AccessDenied, HTTP 403: no x+….* ses:SendRawEmail/);
    expect(message.length).toBeLessThan(500);
  });

  it.each([undefined, null, 'text', { name: 'Throttling' }])('takes %j for something that passes', (thrown) => {
    expect(classifySesError(thrown, addresses)).toMatchObject({ kind: 'retry', reason: 'server' });
  });
});
