import { expect, it } from 'vitest';
import { basePath, withoutBasePath } from './base-path.ts';

it.each([
  ['https://ops.example.org', '/api/state', '/api/state'],
  ['https://ops.example.org/', '/', '/'],
  ['https://ops.example.org/foghorn', '/foghorn/api/state?x=1', '/api/state?x=1'],
  ['https://ops.example.org/foghorn/', '/foghorn/', '/'],
  ['https://ops.example.org/foghorn/', '/api/state', '/api/state'],
  ['https://ops.example.org/foghorn/', '/foghorn', '/foghorn'],
  ['https://ops.example.org/foghorn/', '/foghorns/x', '/foghorns/x'],
  ['https://ops.example.org/a/b/', '/a/b/x', '/x'],
])('at %s, %s is %s', (url, requested, served) => {
  expect(withoutBasePath(requested, basePath(new URL(url)))).toBe(served);
});
