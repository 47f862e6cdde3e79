import { describe, expect, it } from 'vitest';
import { parseAddress } from './address.ts';

describe('an address', () => {
  it.each([
    ['unix:///run/user/1000/podman/podman.sock', { kind: 'unix', socketPath: '/run/user/1000/podman/podman.sock' }],
    ['unix://', { kind: 'unix', socketPath: '/var/run/docker.sock' }],
    ['tcp://10.0.0.5', { kind: 'tcp', host: '10.0.0.5', port: 2375, isTls: false }],
    ['tcp://web-1:2376', { kind: 'tcp', host: 'web-1', port: 2376, isTls: true }],
    ['tcp://[fd00::1]:2375', { kind: 'tcp', host: 'fd00::1', port: 2375, isTls: false }],
    ['https://web-1:8443', { kind: 'tcp', host: 'web-1', port: 8443, isTls: true }],
    ['ssh://ops@web-1', { kind: 'ssh', destination: 'ops@web-1', remoteSocket: '/var/run/docker.sock' }],
    ['ssh://web-1:2222/run/d.sock', { kind: 'ssh', destination: 'web-1', port: 2222, remoteSocket: '/run/d.sock' }],
  ])('%s is read', (url, expected) => {
    expect(parseAddress(url)).toEqual(expected);
  });

  it.each(['', 'web-1', 'ftp://web-1', 'tcp://', 'ssh://-oProxyCommand=x', 'ssh://-x@web-1', 'ssh://a%20b@web-1'])(
    '"%s" is refused',
    (url) => {
      expect(() => parseAddress(url)).toThrow(/address/);
    },
  );
});
