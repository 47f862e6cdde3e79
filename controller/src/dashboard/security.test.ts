import { describe, expect, it } from 'vitest';
import { isAllowedHost, isOwnOrigin } from './security.ts';

describe('isAllowedHost', () => {
  it.each([
    ['localhost:8001', true],
    ['127.0.0.1:8001', true],
    ['[::1]:8001', true],
    ['192.168.1.20:8001', true],
    ['monitor:8001', true],
    ['foghorn.example.org', true],
    ['FOGHORN.example.org:443', true],
    ['evil.example.com:8001', false],
    ['localhost.evil.com', false],
    ['127.0.0.1.evil.com', false],
    ['', false],
    ['a b', false],
    [undefined, false],
  ])('%s: %s', (header, allowed) => {
    expect(isAllowedHost(header, ['foghorn.example.org'])).toBe(allowed);
  });
});

describe('isOwnOrigin', () => {
  const known = { url: new URL('https://ops.example.org/foghorn/'), hosts: ['127.0.0.1:8001', undefined] };
  it.each([
    ['https://ops.example.org', true],
    ['http://127.0.0.1:8001', true],
    ['http://ops.example.org', false],
    ['http://127.0.0.1:8000', false],
    ['http://127.0.0.1', false],
    ['https://ops.example.org.evil.com', false],
    ['https://evil.com', false],
    ['null', false],
    ['', false],
    ['undefined', false],
    ['file://127.0.0.1:8001', false],
  ])('%s: %s', (origin, own) => {
    expect(isOwnOrigin(origin, known)).toBe(own);
  });
});
