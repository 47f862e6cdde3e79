import { describe, expect, it } from 'vitest';
import { readEngine } from './engine.ts';

describe('what docker info says', () => {
  it('names version and folder of an engine that answers', () => {
    expect(readEngine(true, '20.10.24+dfsg1|/var/lib/docker\n')).toEqual({
      state: 'answers',
      version: '20.10.24+dfsg1',
      rootDirectory: '/var/lib/docker',
    });
  });

  it.each([
    ['is not installed', 'spawn docker ENOENT', 'docker is not installed'],
    ['does not run', 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.', 'no Docker engine answers'],
    ['hangs', '\ndocker was stopped after 20 s', 'no Docker engine answers'],
  ])('says absent when docker %s', (_, output, reason) => {
    expect(readEngine(false, output)).toEqual({ state: 'absent', reason });
  });

  it('says absent when an older client succeeds without a server', () => {
    expect(readEngine(true, '|\nCannot connect to the Docker daemon')).toMatchObject({ state: 'absent' });
  });

  it('tells a missing permission from a missing engine', () => {
    const output =
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock';
    expect(readEngine(false, output)).toEqual({ state: 'denied' });
  });
});
