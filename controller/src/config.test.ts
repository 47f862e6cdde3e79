import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

describe('DATABASE_URL', () => {
  it.each([
    ['postgres://foghorn:secret@database:5432/foghorn'],
    ['postgresql://foghorn:s%2Fcret@10.0.0.1/foghorn?sslmode=verify-full'],
    ['postgres:///foghorn?host=/var/run/postgresql'],
  ])('takes %s', (address) => {
    expect(loadConfig({ DATABASE_URL: address }).databaseUrl).toBe(address);
  });

  it('is off by default', () => {
    expect(loadConfig({ DATABASE_URL: '' }).databaseUrl).toBeUndefined();
  });

  it.each([['mysql://foghorn:s3cret@database/x'], ['postgres://foghorn:s3cret/x@database:port/x'], ['s3cret']])(
    'refuses %s without repeating it',
    (address) => {
      expect(() => loadConfig({ DATABASE_URL: address })).toThrow(/DATABASE_URL: it is not postgres/);
      expect(() => loadConfig({ DATABASE_URL: address })).not.toThrow(/s3cret/);
    },
  );
});

describe('DASHBOARD_URL', () => {
  it.each([
    ['https://page.example.org/foghorn', 'https://page.example.org/foghorn'],
    ['https://ann:s3cret@page.example.org/foghorn', 'https://page.example.org/foghorn'],
  ])('goes into mails and calls to others, so of %s only %s is taken', (address, expected) => {
    expect(loadConfig({ DASHBOARD_URL: address }).dashboard.url).toBe(expected);
  });
});

describe('names of hosts and processes', () => {
  it.each([
    [{ DOCKER_HOSTS: 'a=unix:///x,b=unix:///x' }],
    [{ DOCKER_HOSTS: 'web-1.example=ssh://ops@web-1' }],
    [{ HOST_NAME: 'büro_1' }],
    [{ PROCESS_TARGETS: 'web=a.pid,db=b.pid' }],
  ])('are accepted: %j', (env) => {
    expect(() => loadConfig(env)).not.toThrow();
  });

  it.each([
    [{ DOCKER_HOSTS: 'a=unix:///x,b=unix:///y,a=unix:///z' }, 'DOCKER_HOSTS: "a" is named twice'],
    [{ DOCKER_HOSTS: '=unix:///x' }, 'DOCKER_HOSTS: "" is no name'],
    [{ DOCKER_HOSTS: 'a/b=unix:///x' }, 'DOCKER_HOSTS: "a/b" is no name'],
    [{ HOST_NAME: 'my host' }, 'HOST_NAME: "my host" is no name'],
    [{ PROCESS_TARGETS: 'web=a.pid,web=b.pid' }, 'PROCESS_TARGETS: "web" is named twice'],
  ])('are refused: %j', (env, message) => {
    expect(() => loadConfig(env)).toThrow(message);
  });
});
