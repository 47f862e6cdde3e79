import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../until.ts';
import { IMAGE } from './docker-cli.ts';

/** An engine of the test's own, with folders and socket of its own, that may be stopped and killed. */
export interface PrivateEngine {
  readonly socketPath: string;
  /** Where all its files are; its processes have it in their arguments. */
  readonly folder: string;
  start(): Promise<void>;
  end(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  dispose(): Promise<void>;
}

const run = promisify(execFile);
const START_TIMEOUT_MS = 90_000;
const END_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 5000;

export function createPrivateEngine(): PrivateEngine {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-dockerd-'));
  const socketPath = join(folder, 'docker.sock');
  let daemon: ChildProcess | undefined;
  const isAway = (): boolean => daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null;

  async function start(): Promise<void> {
    mkdirSync(join(folder, 'data'), { recursive: true });
    // One that was killed leaves these behind; both would stop the next one.
    rmSync(join(folder, 'docker.pid'), { force: true });
    rmSync(join(folder, 'exec/containerd/containerd.pid'), { force: true });
    const options = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
    const network = ['--bridge', 'none', '--iptables=false'];
    const files = ['--pidfile', join(folder, 'docker.pid'), '--host', `unix://${socketPath}`];
    // In a network namespace of its own: an engine without a bridge removes docker0, that of the machine's engine too.
    daemon = spawn('unshare', ['--net', '--', 'dockerd', ...options, ...network, ...files], { stdio: 'ignore' });
    await until('the engine answers', START_TIMEOUT_MS, () =>
      run('docker', ['-H', `unix://${socketPath}`, 'version'], { timeout: ANSWER_TIMEOUT_MS }),
    );
  }

  async function end(signal: Parameters<PrivateEngine['end']>[0]): Promise<void> {
    daemon?.kill(signal);
    if (signal === 'SIGTERM' || signal === 'SIGKILL')
      await until('the engine ended', END_TIMEOUT_MS, () => isAway() || undefined);
  }

  return {
    socketPath,
    folder,
    start,
    end,
    dispose: async () => {
      if (!isAway())
        await end('SIGCONT')
          .then(() => end('SIGTERM'))
          .catch(() => end('SIGKILL'));
      await endLeftovers(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Copies the small image over: a private engine has none, and no registry may answer. */
export async function loadImage(socketPath: string): Promise<void> {
  await run('sh', ['-c', `docker save ${IMAGE} | docker -H unix://${socketPath} load`], { timeout: START_TIMEOUT_MS });
}

/** containerd and shims outlive a killed engine; they are known by the folder in their arguments. */
async function endLeftovers(folder: string): Promise<void> {
  const { stdout } = await run('ps', ['-eo', 'pid=,args=']);
  for (const line of stdout.split('\n').filter((text) => text.includes(folder) && !text.includes('ps -eo'))) {
    try {
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    } catch {
      // It ended in between.
    }
  }
  const mounts = await run('sh', ['-c', `grep -o '${folder}[^ ]*' /proc/mounts | sort -r || true`]);
  for (const mount of mounts.stdout.split('\n').filter(Boolean))
    await run('umount', ['-l', mount]).catch(() => undefined);
}
