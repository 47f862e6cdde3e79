import { existsSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { until } from '../until.ts';
import { createControllerProcess, type ControllerProcess } from './controller-process.ts';

const WAIT_MS = 60_000;

describe('a LoadTest on a machine without an engine', { timeout: 240_000 }, () => {
  let controller: ControllerProcess;
  let server: Server;
  let count = 0;
  let url = '';

  beforeAll(async () => {
    if (requireKubectl().skip) return;
    server = createServer((_request, response) => {
      count += 1;
      response.end('ok');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    controller = await createControllerProcess({ RUNTIME: 'process' });
    await controller.start();
  }, 120_000);
  beforeEach((context) => skipUnless(context, requireKubectl()));
  afterAll(async () => {
    if (requireKubectl().skip) return;
    await controller.dispose();
    server.close();
  }, 60_000);

  it('runs as processes that outlive a controller that is killed, and leaves nothing behind', async () => {
    await controller.apply({
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'LoadTest',
      metadata: { name: 'local' },
      spec: {
        target: { url },
        endpoints: [{ path: '/' }],
        stages: [{ duration: '10s', rate: 30 }],
        shape: 'Constant',
        parallelism: 2,
      },
    });
    await controller.until('local', 'it runs', ({ summary }) => (summary?.requests ?? 0) > 0);
    await controller.kill();
    await controller.start();
    const done = await controller.until('local', 'complete', ({ completionTime }) => completionTime !== undefined);
    expect(done).toMatchObject({ summary: { requests: 300, errors: 0 }, generators: { desired: 2, failed: 0 } });
    expect(count).toBe(300);
    const folder = join(controller.folder, 'data/loadtests');
    await until(
      'its files are gone',
      WAIT_MS,
      () => !existsSync(folder) || readdirSync(folder).length === 0 || undefined,
    );
  });
});
