import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { testLauncher } from './launcher-contract.ts';
import { createProcessLauncher } from './process.ts';

const cli = resolve(import.meta.dirname, '../../../loadgen/src/cli.ts');

testLauncher('process', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'foghorn-launcher-'));
  const server = createServer((_request, response) => response.end('ok'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    open: () => createProcessLauncher({ dir, cli, clock: systemClock, path: process.env['PATH'] }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      // Fails when a generator left something behind.
      rmdirSync(dir);
    },
  };
});

it('a machine without the generator says so, for good', async () => {
  const dir = join(tmpdir(), 'foghorn-no-launcher');
  const launcher = createProcessLauncher({ dir, cli: '/nowhere/cli.ts', clock: systemClock, path: '' });
  const order = { owner: 'o', run: 1, index: 0, name: 'x', url: 'http://127.0.0.1', args: [] };
  await expect(launcher.launch(order, new AbortController().signal)).rejects.toMatchObject({ isFinal: true });
  expect(existsSync(dir)).toBe(false);
});
