import { expect, it } from 'vitest';
import { createNetworks } from './networks.ts';

it.each([
  ['10.0.0.5', true],
  ['::ffff:10.0.0.5', true],
  ['10.0.0.6', false],
  ['172.18.0.1', true],
  ['172.32.0.1', false],
  ['fd00::1', true],
  ['fe80::1%eth0', false],
  ['::1', false],
  ['', false],
  ['not an address', false],
])('%s: %s', (address, expected) => {
  expect(createNetworks(['10.0.0.5', '172.16.0.0/12', 'fd00::/8'])(address)).toBe(expected);
});

it('no network has no address', () => {
  expect(createNetworks([])('127.0.0.1')).toBe(false);
});
