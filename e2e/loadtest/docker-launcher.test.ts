import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDockerLauncher } from '../../controller/src/loadtest/docker/launcher.ts';
import { generatorName, type Generator } from '../../controller/src/loadtest/launcher.ts';
import { testLauncher } from '../../controller/src/loadtest/launcher-contract.ts';
import { skipUnless } from '../requirements.ts';
import { createLoadTarget } from './load-target.ts';
import { BUILD_TIMEOUT_MS, buildLoadgen, LOADGEN_IMAGE, requireGenerators } from './requirements.ts';

const marker = `launcher-${process.pid}`;
const target = createLoadTarget(marker);
const engines = [{ host: 'local', options: { socketPath: '/var/run/docker.sock' } }];
const deps = { engines, image: LOADGEN_IMAGE, controllerId: marker, env: {} };
const { signal } = new AbortController();
const identity = { run: 1, index: 0, parallelism: 1, name: 'x', namespace: 'default' };
const common = { ...identity, planMs: 60_000, url: target.url };

describe('generators as containers', { timeout: 120_000 }, () => {
  beforeEach((context) => skipUnless(context, requireGenerators()));
  beforeAll(async () => {
    if (requireGenerators().skip) return;
    await buildLoadgen();
    await target.start();
  }, BUILD_TIMEOUT_MS);
  afterAll(async () => {
    if (!requireGenerators().skip) await target.removeAll();
  }, 60_000);

  testLauncher('docker', async () => ({
    url: target.url,
    open: () => createDockerLauncher(deps),
    close: async () => undefined,
  }));

  it('an image that is not there is said at once, and nothing is left', async () => {
    const launcher = createDockerLauncher({ ...deps, image: 'foghorn-no-such-image' });
    const order = { owner: 'no-image', ...common, args: ['--json'] };
    await expect(launcher.launch(order, signal)).rejects.toMatchObject({
      isFinal: true,
      message: expect.stringContaining('build it'),
    });
    expect((await launcher.list('no-image', signal)).generators).toEqual([]);
  });

  it('bad options come back as the complaint', async () => {
    const launcher = createDockerLauncher(deps);
    const order = { owner: `${marker}-bad`, ...common, args: ['--nonsense'] };
    await launcher.launch(order, signal);
    await expect.poll(async () => (await launcher.list(order.owner, signal)).generators[0]?.state.kind).toBe('ended');
    const [generator] = (await launcher.list(order.owner, signal)).generators;
    if (generator === undefined) throw new Error('it is gone');
    expect(generator.state).toMatchObject({ code: 2 });
    expect((await launcher.read(generator, signal)).complaint).toContain('--nonsense');
    await launcher.remove(generator, signal);
  });

  it('a generator has the secret of its order, which is not among its arguments', async () => {
    const launcher = createDockerLauncher({ ...deps, env: { LOADTEST_SECRET_TOKEN: 's3cret' } });
    const args = ['--json', '--untrusted', '--rate', '10', '--duration', '1s', '--bearer-env', 'LOADTEST_SECRET_TOKEN'];
    const order = { owner: `${marker}-secret`, ...common, args };
    const ended = async (): Promise<Generator | undefined> =>
      (await launcher.list(order.owner, signal)).generators.find(({ state }) => state.kind === 'ended');
    await launcher.launch({ ...order, secrets: ['LOADTEST_SECRET_TOKEN'] }, signal);
    await expect.poll(ended).toMatchObject({ state: { code: 0 } });
    const generator = await ended();
    if (generator === undefined) throw new Error('it is gone');
    expect((await launcher.read(generator, signal)).report).toMatchObject({ requests: 10, errors: 0 });
    expect(await target.cli.docker('inspect', '--format', '{{json .Args}}', generatorName(order))).not.toContain(
      's3cret',
    );
    await launcher.remove(generator, signal);
    const unset = launcher.launch({ ...order, secrets: ['LOADTEST_SECRET_OTHER'] }, signal);
    await expect(unset).rejects.toMatchObject({ isFinal: true });
  });

  it('an engine that is away is said, not thrown', async () => {
    const away = [{ host: 'gone', options: { socketPath: '/nonexistent/docker.sock' } }];
    const launcher = createDockerLauncher({ ...deps, engines: away });
    expect(await launcher.list('x', signal)).toMatchObject({ generators: [], away: [expect.stringContaining('gone')] });
  });
});
