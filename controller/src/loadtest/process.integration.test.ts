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
    open: () => createProcessLauncher({ dir, cli, clock: systemClock, env: process.env }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      // Fails when a generator left something behind.
      rmdirSync(dir);
    },
  };
});

const identity = { owner: 'o', run: 1, index: 0, parallelism: 1, name: 'x', namespace: 'default', planMs: 1000 };

it('a generator has the secrets of its order, and nothing else of the environment', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'foghorn-launcher-'));
  const seen = new Set<string | undefined>();
  const server = createServer((request, response) => {
    seen.add(request.headers.authorization);
    response.end('ok');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { PATH: process.env['PATH'], LOADTEST_SECRET_TOKEN: 'abc.def' };
  const launcher = createProcessLauncher({ dir, cli, clock: systemClock, env });
  const { signal } = new AbortController();
  const args = ['--json', '--rate', '10', '--duration', '500ms', '--bearer-env', 'LOADTEST_SECRET_TOKEN'];
  const order = { ...identity, planMs: 500, url, args };
  await launcher.launch({ ...order, secrets: ['LOADTEST_SECRET_TOKEN'] }, signal);
  const [generator] = (await launcher.list('o', signal)).generators;
  if (generator === undefined) throw new Error('there is no generator');
  await expect.poll(() => [...seen]).toEqual(['Bearer abc.def']);
  await launcher.remove(generator, signal);
  await expect(launcher.launch({ ...order, secrets: ['LOADTEST_SECRET_UNSET'] }, signal)).rejects.toMatchObject({
    message: 'the environment of the controller has no LOADTEST_SECRET_UNSET',
    isFinal: true,
  });
  server.closeAllConnections();
  server.close();
  // Fails when a generator left something behind.
  rmdirSync(dir);
});

it('a machine without the generator says so, for good', async () => {
  const dir = join(tmpdir(), 'foghorn-no-launcher');
  const launcher = createProcessLauncher({ dir, cli: '/nowhere/cli.ts', clock: systemClock, env: {} });
  const order = { ...identity, url: 'http://127.0.0.1', args: [] };
  await expect(launcher.launch(order, new AbortController().signal)).rejects.toMatchObject({ isFinal: true });
  expect(existsSync(dir)).toBe(false);
});
