import { describe, expect, it } from 'vitest';
import { classifyFailure, EngineError, failureOfStatus, unreachableReason } from './failure.ts';

const URL = 'unix:///var/run/docker.sock';
const systemError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

describe('a failed call', () => {
  it.each([
    [systemError('ENOENT'), 'NoSocket', /start it, or set DOCKER_HOST/],
    [systemError('ENOTSOCK'), 'NoSocket', /no Docker socket/],
    [systemError('EACCES'), 'PermissionDenied', /docker group.*DOCKER_GID/],
    [systemError('ECONNREFUSED'), 'Refused', /start the Docker engine/],
    [systemError('ECONNRESET'), 'Refused', /cut the connection/],
    [systemError('ENOTFOUND'), 'Refused', /check the address/],
    [systemError('ETIMEDOUT'), 'Timeout', /did not answer in time/],
    [new DOMException('late', 'TimeoutError'), 'Timeout', /did not answer in time/],
    [new DOMException('aborted', 'AbortError'), 'Timeout', /did not answer in time/],
    [systemError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'BadAnswer', /DOCKER_CERT_PATH/],
    [systemError('ERR_TLS_CERT_ALTNAME_INVALID'), 'BadAnswer', /DOCKER_CERT_PATH/],
    [new SyntaxError('Unexpected token'), 'BadAnswer', /Unexpected token/],
    ['text', 'BadAnswer', /text/],
  ])('with %s is %s, and says what to do', (thrown, reason, message) => {
    const error = classifyFailure(thrown, URL);
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(URL);
  });

  it('is classified once', () => {
    const error = new EngineError('Refused', 'gone');
    expect(classifyFailure(error, URL)).toBe(error);
  });

  it('with status 403 names what a proxy must allow', () => {
    expect(failureOfStatus(403, 'forbidden', URL)).toMatchObject({ reason: 'PermissionDenied', status: 403 });
    expect(failureOfStatus(403, 'forbidden', URL).message).toMatch(/CONTAINERS, EVENTS/);
  });

  it('stays one line of bounded length, whatever the engine wrote', () => {
    const { message } = failureOfStatus(500, `a\r\n\u001b[31mb\u2028${'x'.repeat(10_000)}`, URL);
    expect(message).not.toMatch(/\p{Cc}|\p{Zl}/u);
    expect(message.length).toBeLessThan(500);
  });

  it.each([
    ['Starting', 'HostUnreachable'],
    ['NoSocket', 'HostUnreachable'],
    ['Refused', 'HostUnreachable'],
    ['Timeout', 'Timeout'],
    ['PermissionDenied', 'PermissionDenied'],
    ['BadAnswer', 'BadAnswer'],
  ] as const)('%s of a host is %s of its containers', (host, target) => {
    expect(unreachableReason(host)).toBe(target);
  });
});
