import { describe, expect, it } from 'vitest';
import { isAllowedHost } from './security.ts';

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
