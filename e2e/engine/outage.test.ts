import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostStatus } from '../../controller/src/model/host.ts';
import { requirePrivateEngine, skipUnless } from '../requirements.ts';
import { createDockerCli } from './docker-cli.ts';
import { createPrivateEngine, loadImage, type PrivateEngine } from './private-engine.ts';
import { has, kindsOf, watch, type Watching } from './watching.ts';

const TEST_TIMEOUT_MS = 240_000;
const NOBODY = 65_534;

describe('an engine that goes and comes back', { timeout: TEST_TIMEOUT_MS }, () => {
  let engine: PrivateEngine | undefined;
  let watching: Watching | undefined;
  beforeAll(async () => {
    if (requirePrivateEngine().skip) return;
    engine = createPrivateEngine();
    await engine.start();
    await loadImage(engine.socketPath);
  }, TEST_TIMEOUT_MS);
  beforeEach((context) => {
    skipUnless(context, requirePrivateEngine());
  });
  afterEach(() => watching?.runtime.stop());
  afterAll(() => engine?.dispose(), TEST_TIMEOUT_MS);

  async function watched(
    name: string,
    ...options: readonly string[]
  ): Promise<{ engine: PrivateEngine; watching: Watching }> {
    if (engine === undefined) throw new Error('no engine');
    await createDockerCli(name, engine.socketPath).run(name, 'exec sleep 1000', '--network', 'none', ...options);
    watching = watch(`unix://${engine.socketPath}`, 'engine-api');
    watching.runtime.start();
    await watching.until(name, (seen) => seen.state === 'running');
    return { engine, watching };
  }

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'by %s: unreachable at once, then as it is, and told once',
    async (signal) => {
      const name = `fh-engine-${signal.toLowerCase()}`;
      const now = await watched(name, '--restart', 'always');
      await now.engine.end(signal);
      await now.watching.untilStatus(({ reachable }) => !reachable);
      expect(await now.watching.look(name)).toMatchObject({ kind: 'unreachable', reason: 'HostUnreachable' });
      await now.engine.start();
      await now.watching.untilStatus(({ reachable }) => reachable);
      const seen = await now.watching.until(name, (o) => o.state === 'running' && has('restarted')(o));
      expect(kindsOf(seen).filter((kind) => kind === 'restarted')).toHaveLength(1);
    },
  );

  it('by SIGSTOP: each look says Timeout, then the host does, and both heal', async () => {
    const name = 'fh-engine-sigstop';
    const now = await watched(name);
    await now.engine.end('SIGSTOP');
    expect(await now.watching.look(name)).toMatchObject({ kind: 'unreachable', reason: 'Timeout' });
    expect(await now.watching.untilStatus(({ reachable }) => !reachable)).toMatchObject({ reason: 'Timeout' });
    await now.engine.end('SIGCONT');
    await now.watching.until(name, (seen) => seen.state === 'running');
  });
});

describe('a socket that is no engine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'foghorn-socket-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('that is not there is NoSocket, and says what to do', async () => {
    expect(await statusAt(join(folder, 'none.sock'))).toMatchObject({
      reason: 'NoSocket',
      message: expect.stringMatching(/start it, or set DOCKER_HOST/),
    });
  });

  it('that is a file is not called an engine', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await statusAt(join(folder, 'file'))).toMatchObject({ reachable: false });
  });

  it('that this user may not open is PermissionDenied, and says what to do', async (context) => {
    if (process.getuid?.() !== 0) context.skip('root, to become somebody without permission');
    const path = join(folder, 'root.sock');
    const server = createServer().listen(path);
    await once(server, 'listening');
    chmodSync(folder, 0o755);
    chmodSync(path, 0o600);
    process.seteuid?.(NOBODY);
    try {
      expect(await statusAt(path)).toMatchObject({
        reason: 'PermissionDenied',
        message: expect.stringMatching(/docker group.*DOCKER_GID/),
      });
    } finally {
      process.seteuid?.(0);
      server.close();
    }
  });
});

async function statusAt(path: string): Promise<HostStatus> {
  const { runtime, untilStatus } = watch(`unix://${path}`, 'engine-api');
  runtime.start();
  const status = await untilStatus((now) => !now.reachable && now.reason !== 'Starting');
  await runtime.stop();
  return status;
}
