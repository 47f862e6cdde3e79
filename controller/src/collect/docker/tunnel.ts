import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { errorMessage } from '../../errors.ts';
import type { Address } from './address.ts';
import { EngineError, plain, type EngineFault } from './failure.ts';

/** One ssh connection that carries all calls to a remote engine. */
export interface Tunnel {
  /** Path of the local socket; starts ssh when it does not run. Fails with an {@link EngineError}. */
  open(signal: AbortSignal): Promise<string>;
  /** Ends ssh and removes the socket. Idempotent. */
  close(): Promise<void>;
}

type SshAddress = Extract<Address, { kind: 'ssh' }>;

/** Time for ssh to log in. */
const OPEN_TIMEOUT_MS = 15_000;
const LOOK_EVERY_MS = 50;
const MAX_STDERR = 4096;

/** @param command the ssh client, with arguments that come before ours. */
export function createTunnel(
  address: SshAddress,
  deps: { readonly clock: Clock; readonly command?: readonly [string, ...string[]] | undefined },
): Tunnel {
  const [file, ...leading] = deps.command ?? ['ssh'];
  let directory: string | undefined;
  let running: Running | undefined;

  async function start(signal: AbortSignal): Promise<string> {
    await close();
    directory = await mkdtemp(join(tmpdir(), 'foghorn-ssh-'));
    const socketPath = join(directory, 'docker.sock');
    running = run(file, [...leading, ...sshArguments(address, socketPath)]);
    await listening(running, socketPath, signal);
    return socketPath;
  }

  async function listening(ssh: Running, socketPath: string, signal: AbortSignal): Promise<void> {
    for (let waited = 0; waited < OPEN_TIMEOUT_MS; waited += LOOK_EVERY_MS) {
      if (ssh.hasEnded()) throw sshError(address, ssh.complaint());
      if (existsSync(socketPath)) return;
      await deps.clock.sleep(LOOK_EVERY_MS, signal);
    }
    throw new EngineError('Timeout', `ssh to ${address.destination} did not log in within ${OPEN_TIMEOUT_MS / 1000} s`);
  }

  async function close(): Promise<void> {
    running?.child.kill('SIGTERM');
    running = undefined;
    const old = directory;
    directory = undefined;
    if (old !== undefined) await rm(old, { recursive: true, force: true });
  }

  return {
    open: async (signal) => {
      const isUp = running !== undefined && !running.hasEnded() && directory !== undefined;
      return isUp && directory !== undefined ? join(directory, 'docker.sock') : start(signal);
    },
    close,
  };
}

/** Asks nothing, forwards one socket, notices a dead peer within 45 s, and ends when it cannot forward. */
function sshArguments(address: SshAddress, socketPath: string): readonly string[] {
  const options = [
    'BatchMode=yes',
    'ExitOnForwardFailure=yes',
    'ConnectTimeout=10',
    'ServerAliveInterval=15',
    'ServerAliveCountMax=3',
    'StreamLocalBindMask=0177',
    'ControlMaster=no',
    'ControlPath=none',
  ].flatMap((option) => ['-o', option]);
  const port = address.port === undefined ? [] : ['-p', String(address.port)];
  return ['-N', '-T', ...options, ...port, '-L', `${socketPath}:${address.remoteSocket}`, '--', address.destination];
}

interface Running {
  readonly child: ChildProcess;
  hasEnded(): boolean;
  /** What it wrote to standard error, or why it could not be started. */
  complaint(): string;
}

function run(file: string, args: readonly string[]): Running {
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let ended = false;
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-MAX_STDERR);
  });
  child.on('error', (error) => {
    ended = true;
    complaint = errorMessage(error);
  });
  child.on('exit', () => {
    ended = true;
  });
  return { child, hasEnded: () => ended, complaint: () => complaint };
}

const COMPLAINTS: readonly (readonly [RegExp, EngineFault, string])[] = [
  [/ENOENT/, 'Refused', 'install an ssh client'],
  [/Permission denied|Host key verification failed/i, 'PermissionDenied', 'check the key and known_hosts of this user'],
  [/timed out/i, 'Timeout', 'check the address and the firewall'],
];

function sshError(address: SshAddress, complaint: string): EngineError {
  const known = COMPLAINTS.find(([pattern]) => pattern.test(complaint));
  const [, reason, advice] = known ?? [undefined, 'Refused' as const, 'check the address'];
  return new EngineError(reason, `ssh to ${address.destination} ended (${plain(complaint)}): ${advice}`);
}
