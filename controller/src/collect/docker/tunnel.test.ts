import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { createSilentLog } from '../../log.ts';
import { createDockerRuntime } from './runtime.ts';
import { createScriptedEngine } from './scripted-engine.ts';
import { createTunnel, type Tunnel } from './tunnel.ts';

/** Stands for ssh: listens on the local socket of `-L` and carries bytes to the remote one. */
const FAKE_SSH = `
const net = require('node:net');
const [local, remote] = process.argv[process.argv.indexOf('-L') + 1].split(':');
net.createServer((near) => { const far = net.connect(remote); near.pipe(far); far.pipe(near);
  near.on('error', () => far.destroy()); far.on('error', () => near.destroy()); }).listen(local);
`;
const ADDRESS = { kind: 'ssh', destination: 'ops@web-1', port: 2222, remoteSocket: '/run/d.sock' } as const;

describe('the ssh tunnel', () => {
  let folder: string;
  let tunnel: Tunnel | undefined;
  const signal = new AbortController().signal;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'foghorn-tunnel-test-'));
  });
  afterEach(async () => {
    await tunnel?.close();
    rmSync(folder, { recursive: true });
  });

  const script = (source: string): readonly [string, string] => {
    const file = join(folder, 'ssh.cjs');
    writeFileSync(file, source);
    return [process.execPath, file];
  };

  it('asks ssh for one forward, without questions, and with nothing it could take for an option', async () => {
    const record = join(folder, 'args.json');
    tunnel = createTunnel(ADDRESS, {
      clock: systemClock,
      command: script(
        `require('fs').writeFileSync(${JSON.stringify(record)}, JSON.stringify(process.argv)); ${FAKE_SSH}`,
      ),
    });
    const socketPath = await tunnel.open(signal);
    const { default: args } = (await import(record, { with: { type: 'json' } })) as { default: readonly string[] };
    expect(args.slice(-2)).toEqual(['--', 'ops@web-1']);
    expect(args).toEqual(expect.arrayContaining(['-N', 'BatchMode=yes', '-p', '2222', `${socketPath}:/run/d.sock`]));
  });

  it('opens once and is used again', async () => {
    tunnel = createTunnel(ADDRESS, { clock: systemClock, command: script(FAKE_SSH) });
    expect(await tunnel.open(signal)).toBe(await tunnel.open(signal));
  });

  it.each([
    ['ops@web-1: Permission denied (publickey).', 'PermissionDenied', /known_hosts/],
    ['ssh: connect to host web-1 port 22: Connection timed out', 'Timeout', /firewall/],
    ['ssh: Could not resolve hostname web-1', 'Refused', /address/],
  ])('says what ssh says: %s', async (complaint, reason, advice) => {
    const command = script(`console.error(${JSON.stringify(complaint)}); process.exit(255);`);
    tunnel = createTunnel(ADDRESS, { clock: systemClock, command });
    const error: unknown = await tunnel.open(signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason, message: expect.stringMatching(advice) });
  });

  it('says so when there is no ssh client', async () => {
    tunnel = createTunnel(ADDRESS, { clock: systemClock, command: [join(folder, 'no-such-ssh')] });
    const error: unknown = await tunnel.open(signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: 'Refused', message: expect.stringMatching(/install an ssh client/) });
  });

  it('carries a whole runtime, and comes back after ssh has died', async () => {
    const engine = await createScriptedEngine('28.5.2', () => Date.now());
    engine.run('one');
    const runtime = createDockerRuntime({
      host: { name: 'far', url: `ssh://ops@web-1${engine.socketPath}` },
      config: { statsSource: 'auto', hostCgroupDir: '/sys/fs/cgroup', hostProcDir: '/proc' },
      clock: systemClock,
      log: createSilentLog(),
      sshCommand: script(`${FAKE_SSH}; setTimeout(() => process.exit(1), 700);`),
    });
    runtime.start();
    const reached: boolean[] = [];
    const note = (): readonly boolean[] => {
      const { reachable } = runtime.status();
      if (reachable !== (reached.at(-1) ?? false)) reached.push(reachable);
      return reached;
    };
    await expect.poll(note, { interval: 20 }).toEqual([true, false, true]);
    await runtime.stop();
    await engine.close();
    expect(runtime.targets().map((target) => target.id)).toEqual(['far/one']);
  });
});
