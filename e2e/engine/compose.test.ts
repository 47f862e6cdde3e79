import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireCompose, skipUnless } from '../requirements.ts';
import { createDockerCli, IMAGE } from './docker-cli.ts';
import { has, kindsOf, watch, type Watching } from './watching.ts';

const project = `fh-engine-${process.pid}`;
const cli = createDockerCli(project);
const TEST_TIMEOUT_MS = 90_000;

async function makeSecondImage(): Promise<void> {
  const base = await cli.docker('create', '--label', `foghorn.test=${project}`, IMAGE);
  await cli.docker('commit', '--change', 'LABEL version=2', base, `${project}:2`);
  await cli.docker('rm', base);
}

describe('Compose on a real engine', { timeout: TEST_TIMEOUT_MS }, () => {
  let folder: string;
  let watching: Watching;
  beforeEach((context) => {
    skipUnless(context, requireCompose());
    folder = mkdtempSync(join(tmpdir(), 'foghorn-compose-'));
    watching = watch('unix:///var/run/docker.sock', 'engine-api');
    watching.runtime.start();
  });
  afterEach(async () => {
    await compose('down', '--timeout', '1').catch(() => undefined);
    await cli.docker('rmi', '--force', `${project}:2`).catch(() => undefined);
    await watching.runtime.stop();
    rmSync(folder, { recursive: true, force: true });
  }, TEST_TIMEOUT_MS);

  const compose = (...args: readonly string[]): Promise<string> =>
    cli.docker('compose', '--project-name', project, '--file', join(folder, 'compose.yaml'), ...args);

  function write(image: string, mode: string): void {
    const service = { image, command: 'sleep 1000', environment: { MODE: mode }, stop_grace_period: '1s' };
    writeFileSync(
      join(folder, 'compose.yaml'),
      JSON.stringify({ services: { web: { ...service, network_mode: 'none' } } }),
    );
  }

  it('recreates under one identity: configured for other environment, deployed for another image', async () => {
    const name = `${project}-web-1`;
    write(IMAGE, 'one');
    await compose('up', '--detach');
    const first = await watching.until(name, (seen) => seen.state === 'running');
    expect(first).toMatchObject({ changes: [], target: { id: `e2e/${project}/web/1`, namespace: project } });

    write(IMAGE, 'two');
    await compose('up', '--detach', '--timeout', '1');
    const second = await watching.until(name, has('configured'));
    expect(second.target).toMatchObject({ id: first.target.id, name });
    expect(second.target.instance).not.toBe(first.target.instance);

    await makeSecondImage();
    write(`${project}:2`, 'two');
    await compose('up', '--detach', '--timeout', '1');
    const third = await watching.until(name, has('deployed'));
    expect(kindsOf(third)).toEqual(['configured', 'deployed']);
    expect(third.changes.at(-1)?.detail).toBe(`image ${IMAGE} -> ${project}:2`);
    expect(watching.runtime.targets().filter((target) => target.namespace === project)).toHaveLength(1);
  });

  it('tells a deploy that nobody saw, as when the controller is deployed with it', async () => {
    const name = `${project}-web-1`;
    write(IMAGE, 'one');
    await compose('up', '--detach');
    await watching.until(name, (seen) => seen.state === 'running');
    await watching.runtime.stop();

    await makeSecondImage();
    write(`${project}:2`, 'one');
    await compose('up', '--detach', '--timeout', '1');
    watching = watch('unix:///var/run/docker.sock', 'engine-api', watching);
    watching.runtime.start();
    const seen = await watching.until(name, (one) => one.state === 'running');
    expect(seen.changes).toMatchObject([{ kind: 'deployed', detail: `image ${IMAGE} -> ${project}:2` }]);
  });
});
