import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDockerCli, IMAGE, type DockerCli } from '../engine/docker-cli.ts';
import { createPrivateEngine, loadImage, type PrivateEngine } from '../engine/private-engine.ts';
import { requireCompose, requireKubectl, requirePrivateEngine, skipUnless } from '../requirements.ts';
import { until } from '../until.ts';
import { createStand, PATIENCE_MS, type Stand, type Told } from './stand.ts';

const TEST_TIMEOUT_MS = 480_000;
const requirements = [requirePrivateEngine, requireCompose, requireKubectl];
const READER = 'ops@example.org';

/** By the built-in policy, on an engine with nothing else. */
describe('docker compose up', { timeout: TEST_TIMEOUT_MS }, () => {
  let engine: PrivateEngine;
  let cli: DockerCli;
  let stand: Stand;
  let folder: string;

  beforeAll(async () => {
    if (requirements.some((requirement) => requirement().skip)) return;
    folder = mkdtempSync(join(tmpdir(), 'foghorn-alerting-compose-'));
    engine = createPrivateEngine();
    await engine.start();
    await loadImage(engine.socketPath);
    cli = createDockerCli('alerting', engine.socketPath);
    const base = await cli.docker('create', '--network', 'none', IMAGE);
    await cli.docker('commit', '--change', 'LABEL version=2', base, 'shop:2');
    await cli.docker('commit', '--change', 'LABEL version=3', base, 'shop:3');
    await cli.docker('rm', base);
    stand = await createStand({ settings: { DOCKER_HOST: `unix://${engine.socketPath}`, DEFAULT_POLICY: 'true' } });
    await up(IMAGE);
    await stand.controller.start();
    await until('it is seen running', PATIENCE_MS, async () => {
      const { containers } = await stand.state();
      return containers.some(({ state }) => state === 'running') || undefined;
    });
  }, TEST_TIMEOUT_MS);
  beforeEach((context) => {
    for (const requirement of requirements) skipUnless(context, requirement());
  });
  afterAll(async () => {
    await stand.dispose();
    await engine.dispose();
    rmSync(folder, { recursive: true, force: true });
  }, TEST_TIMEOUT_MS);

  /** Recreates the service when anything of it is other than before. */
  async function up(
    image: string,
    command = 'sleep 1000',
    environment: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const web = { image, command, environment, stop_grace_period: '1s', network_mode: 'none' };
    writeFileSync(join(folder, 'compose.yaml'), JSON.stringify({ services: { web } }));
    const project = ['--project-name', 'shop', '--file', join(folder, 'compose.yaml')];
    await cli.docker('compose', ...project, 'up', '--detach', '--timeout', '1');
  }

  /** Mails of one step. */
  async function toldOf(step: Promise<void>, count: number): Promise<readonly Told[]> {
    const before = stand.told(READER).length;
    await step;
    return (await stand.listen(READER, before + count)).slice(before);
  }

  it('with a new image: a note of the deployment, and no word of an outage', async () => {
    expect(await toldOf(up('shop:2'), 1)).toEqual([
      ['[INFO] shop-web-1 on local: deploy', `INFO: container was deployed anew (image ${IMAGE} -> shop:2)`],
    ]);
  });

  it('with another environment: a note of the configuration', async () => {
    expect(await toldOf(up('shop:2', 'sleep 1000', { MODE: 'other' }), 1)).toEqual([
      [
        '[INFO] shop-web-1 on local: config',
        'INFO: configuration of the container changed (recreated with another configuration)',
      ],
    ]);
  });

  it('with an image that ends at once: down, though it is a deployment', async () => {
    // The note of this deployment waits: it is within the cooldown of the one before.
    const told = await toldOf(up('shop:3', "sh -c 'exit 4'", { MODE: 'other' }), 1);
    expect(told).toEqual([
      ['[CRITICAL] shop-web-1 on local: down', 'CRITICAL: container is DOWN (state exited, exit code 4)'],
    ]);
  });
});
