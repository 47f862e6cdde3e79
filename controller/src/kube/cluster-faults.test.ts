import { describe, expect, it } from 'vitest';
import { isFoghornError } from '../errors.ts';
import { faultOf, faultOfEvent, networkFault, retryAfterMs, stayAwayMs } from './cluster-faults.ts';
import { silences } from './client.ts';
import { alreadyExists, badRequest, conflict, expired, invalid, notFound, tooLarge, unavailable } from './status.ts';

describe('faults of a cluster', () => {
  it.each([
    notFound(silences, 'a'),
    alreadyExists(silences, 'a'),
    conflict(silences, 'a', 'changed'),
    badRequest('no'),
    expired('too old'),
    tooLarge(5),
    unavailable('later'),
    invalid(silences, 'a', [{ type: 'Invalid', field: 'spec.duration', message: 'Invalid value: 5' }]),
  ])('are read back as they were told: $code', (told) => {
    const read = faultOf(told.status.code, JSON.parse(JSON.stringify(told.status)));
    expect(read.code).toBe(told.code);
    expect(read.status).toEqual(told.status);
  });

  it.each([
    [401, 'Unauthorized', 'Forbidden'],
    [403, 'Forbidden', 'Forbidden'],
    [429, 'TooManyRequests', 'Unavailable'],
    [500, 'InternalError', 'Unavailable'],
    [504, 'Timeout', 'Unavailable'],
    [410, 'Gone', 'Gone'],
    [415, 'UnsupportedMediaType', 'BadRequest'],
  ])('of HTTP %i (%s) are %s', (httpStatus, reason, code) => {
    const details = { retryAfterSeconds: 3 };
    const fault = faultOf(httpStatus, { kind: 'Status', message: 'said', reason, details });
    expect(fault).toMatchObject({ code, message: 'said', status: { details } });
  });

  it('say what a proxy answered in place of a Status, in short and on one line', () => {
    const fault = faultOf(502, `<html><h1>Bad\n\u001b[31mGateway</h1>${'x'.repeat(10_000)}</html>`);
    expect(fault.code).toBe('Unavailable');
    expect(fault.message).toMatch(/^the API server answered HTTP 502 +Bad \[31mGateway x+$/);
    expect(fault.message.length).toBeLessThan(250);
  });

  it.each([
    [{ kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' }, 'Gone'],
    [{ kind: 'Status', code: 429, reason: 'TooManyRequests' }, 'Unavailable'],
    ['garbage', 'Unavailable'],
  ])('are told in a watch too: %j', (object, code) => {
    expect(faultOfEvent(object).code).toBe(code);
  });

  it('of the network name the server and the code of the socket, and keep faults that are known', () => {
    const broken = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
    const fault = networkFault('host:6443', broken);
    expect(isFoghornError(fault, 'Unavailable')).toBe(true);
    expect(fault.message).toBe('the API server host:6443: ECONNREFUSED: connect refused');
    const known = expired('too old');
    expect(networkFault('host:6443', known)).toBe(known);
  });
});

describe('how long a server wants to be left alone', () => {
  const status = { kind: 'Status', message: 'busy', reason: 'TooManyRequests' };
  it.each([
    ['nothing is said', faultOf(429, status), 0],
    ['the header says it', faultOf(429, status, '30'), 30_000],
    ['the header of a proxy says it', faultOf(503, '<html>', '30'), 30_000],
    ['the body says it', faultOf(429, { ...status, details: { retryAfterSeconds: 5 } }, '30'), 5000],
    ['it says far too long', faultOf(429, status, '86400'), 120_000],
    ['it is no answer', new Error('reset'), 0],
  ])('when %s', (_name, fault, expected) => {
    expect(stayAwayMs(fault)).toBe(expected);
  });
});

describe('Retry-After', () => {
  it.each([
    [429, '1', 1000],
    [503, '10', 10_000],
    [503, '0', 1000],
    [503, '11', undefined],
    [500, '1', undefined],
    [429, undefined, undefined],
    [429, 'Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    [429, '-1', undefined],
    [429, ['1', '2'], undefined],
  ])('of HTTP %i with %j is %j ms', (httpStatus, header, expected) => {
    expect(retryAfterMs(httpStatus, header)).toBe(expected);
  });
});
