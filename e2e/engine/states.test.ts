import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Resources } from '../../controller/src/model/observation.ts';
import { requireEngine, skipUnless } from '../requirements.ts';
import { createDockerCli } from './docker-cli.ts';
import { has, kindsOf, watch, type StatsSource, type Watching } from './watching.ts';

const URL = 'unix:///var/run/docker.sock';
const prefix = `fh-engine-${process.pid}-states`;
const cli = createDockerCli(prefix);
const TEST_TIMEOUT_MS = 180_000;
const MEBIBYTE = 2 ** 20;
/** Fills memory from a child, or from the main process itself. */
const EAT_IN_CHILD = 'tail /dev/zero; exec sleep 1000';
const EAT = 'exec tail /dev/zero';

/** The first look may still have what it used before. */
const isAtRest = ({ cpuPercent = Infinity }: Resources): boolean => cpuPercent < 5;
const isAboutFull = ({ cpuPercent = 0 }: Resources): boolean => cpuPercent > 70 && cpuPercent < 130;

describe('containers of a real engine', { timeout: TEST_TIMEOUT_MS }, () => {
  let watching: Watching;
  let count = 0;
  let name = '';

  beforeAll(() => {
    watching = watch(URL, 'engine-api');
    watching.runtime.start();
  });
  beforeEach((context) => {
    skipUnless(context, requireEngine());
    count += 1;
    name = `${prefix}-${count}`;
  });
  afterEach(() => cli.removeAll());
  afterAll(() => watching.runtime.stop());

  const running = (script = 'exec sleep 1000', ...options: readonly string[]): Promise<unknown> =>
    cli.run(name, script, ...options).then(() => watching.until(name, (seen) => seen.state === 'running'));

  it('stop: exited, asked for, no crash', async () => {
    await running();
    await cli.docker('stop', '--time', '1', name);
    const seen = await watching.until(name, (o) => o.state === 'exited');
    expect(seen.stopRequestedAt).toBeGreaterThan(0);
    expect(seen.changes).toEqual([]);
  });

  it('kill: exited with 137, asked for', async () => {
    await running();
    await cli.docker('kill', name);
    const seen = await watching.until(name, (o) => o.state === 'exited');
    expect(seen).toMatchObject({ exitCode: 137, changes: [] });
    expect(seen.stopRequestedAt).toBeGreaterThan(0);
  });

  it('kill from outside: a crash', async () => {
    await running();
    process.kill(Number(await cli.docker('inspect', '--format', '{{.State.Pid}}', name)), 'SIGKILL');
    const seen = await watching.until(name, (o) => o.state === 'exited');
    expect(seen.changes).toMatchObject([{ kind: 'crashed', exitCode: 137 }]);
    expect(seen.stopRequestedAt).toBeUndefined();
  });

  it('rm -f while it is read: gone, and no look fails', async () => {
    await running();
    const looks = Promise.all(Array.from({ length: 5 }, () => watching.look(name)));
    await cli.docker('rm', '--force', name);
    for (const seen of await looks) expect(seen.kind).toBe('observed');
    const after = await watching.until(name, (o) => o.state === 'missing');
    expect(after.target.instance).toBe('');
  });

  it('pause and unpause: paused with memory and 0 % CPU', async () => {
    await running();
    await cli.docker('pause', name);
    const seen = await watching.until(name, (o) => o.state === 'paused' && isAtRest(o.resources));
    expect(seen.resources.memoryBytes).toBeGreaterThan(0);
    await cli.docker('unpause', name);
    expect((await watching.until(name, (o) => o.state === 'running')).changes).toEqual([]);
  });

  it('restart: restarted once, a new run', async () => {
    await running();
    const before = await watching.until(name, (o) => o.startedAt !== undefined);
    await cli.docker('restart', '--time', '1', name);
    const seen = await watching.until(name, (o) => has('restarted')(o) && o.startedAt !== before.startedAt);
    expect(kindsOf(seen)).toEqual(['restarted']);
    expect(seen.restarts).toBe(0);
  });

  it('a restart policy: crashed and restarted, with the count of the engine', async () => {
    await cli.run(name, 'sleep 0.3; exit 7', '--restart', 'always');
    const seen = await watching.until(name, (o) => o.restarts >= 2);
    expect(kindsOf(seen)).toEqual(expect.arrayContaining(['crashed', 'restarted']));
    expect(seen.changes.find((change) => change.kind === 'crashed')?.exitCode).toBe(7);
  });

  it('out of memory in the main process: oomKilled and crashed', async () => {
    await cli.run(name, EAT, '--memory', '16m', '--memory-swap', '16m');
    const seen = await watching.until(name, (o) => o.state === 'exited' && has('oomKilled')(o));
    expect(kindsOf(seen)).toEqual(expect.arrayContaining(['crashed', 'oomKilled']));
  });

  it('out of memory in a child: oomKilled, still running', async () => {
    await cli.run(name, EAT_IN_CHILD, '--memory', '16m', '--memory-swap', '16m');
    const seen = await watching.until(name, (o) => o.state === 'running' && has('oomKilled')(o));
    expect(kindsOf(seen)).not.toContain('crashed');
  });

  it('no limits: percent of the host', async () => {
    await running();
    const seen = await watching.until(name, (o) => o.resources.cpuPercent !== undefined);
    const status = watching.runtime.status();
    expect(seen.target.limits).toEqual({});
    expect(seen.resources.memoryLimitBytes).toBe(status.reachable ? status.memoryBytes : 0);
  });

  it.each([
    ['--cpus', ['--cpus', '0.2', '--memory', '64m']],
    ['--cpu-quota', ['--cpu-quota', '10000', '--cpu-period', '50000', '--memory', '64m']],
  ])('%s: about 100 % of a fifth of a core, by both sources', async (_, options) => {
    await running('while :; do :; done', ...options);
    for (const source of ['engine-api', 'auto'] satisfies readonly StatsSource[]) {
      const other = watch(URL, source);
      other.runtime.start();
      const { resources, target } = await other.until(name, (o) => isAboutFull(o.resources));
      await other.runtime.stop();
      expect(target.limits).toEqual({ cpuCores: 0.2, memoryBytes: 64 * MEBIBYTE });
      expect(resources.memoryLimitBytes).toBe(64 * MEBIBYTE);
    }
  });

  it('host network: no network rates', async () => {
    await running('exec sleep 1000', '--network', 'host');
    const seen = await watching.until(name, (o) => o.resources.cpuPercent !== undefined);
    expect(seen.resources.networkReceiveRate).toBeUndefined();
  });

  it('rename: the same container under its new name', async () => {
    await running();
    const before = await watching.look(name);
    await cli.docker('rename', name, `${name}-new`);
    const after = await watching.until(`${name}-new`, (o) => o.state === 'running');
    expect(after.target.instance).toBe(before.target.instance);
    expect(await watching.look(name)).toMatchObject({ state: 'missing' });
  });

  it('update: configured, with the new limit', async () => {
    await running();
    await cli.docker('update', '--memory', '64m', '--memory-swap', '64m', name);
    const seen = await watching.until(name, has('configured'));
    expect(seen.target.limits.memoryBytes).toBe(64 * MEBIBYTE);
  });

  it('health: starting, healthy, unhealthy', async () => {
    const options = ['--health-cmd', '[ -e /tmp/ok ]', '--health-interval', '1s', '--health-retries', '1'];
    await running(': >/tmp/ok; exec sleep 1000', ...options);
    await watching.until(name, (o) => o.health === 'healthy');
    await cli.docker('exec', name, 'rm', '/tmp/ok');
    const seen = await watching.until(name, (o) => o.health === 'unhealthy');
    expect(seen).toMatchObject({ state: 'running', changes: [] });
  });

  it('rm and run again with another configuration: configured, under the same identity', async () => {
    await running();
    await cli.docker('rm', '--force', name);
    await cli.run(name, 'exec sleep 2000', '--env', 'MODE=other');
    expect(kindsOf(await watching.until(name, has('configured')))).toEqual(['configured']);
  });
});
