import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDockerCli, type DockerCli } from '../engine/docker-cli.ts';
import { createPrivateEngine, loadImage, type PrivateEngine } from '../engine/private-engine.ts';
import { requireKubectl, requirePrivateEngine, skipUnless } from '../requirements.ts';
import { until } from '../stack/until.ts';
import { createStand, INTERVAL_S, PATIENCE_MS, type Stand, type Told } from './stand.ts';

const TEST_TIMEOUT_MS = 180_000;
const requirements = [requirePrivateEngine, requireKubectl];
const READER = 'ops@example.org';
const COUNT = 30;
const DOWN = 'CRITICAL: container is DOWN (state exited, exit code 137)';
const GRACE_MS = 15_000;

/** By the built-in policy, in a controller of its own each: a cooldown would keep what the one before told. */
describe('thirty containers and their engine', { timeout: TEST_TIMEOUT_MS }, () => {
  let engine: PrivateEngine;
  let cli: DockerCli;
  let stand: Stand;

  beforeAll(async () => {
    if (requirements.some((requirement) => requirement().skip)) return;
    engine = createPrivateEngine();
    await engine.start();
    await loadImage(engine.socketPath);
    cli = createDockerCli('alerting', engine.socketPath);
  }, TEST_TIMEOUT_MS);
  beforeEach((context) => {
    for (const requirement of requirements) skipUnless(context, requirement());
  });
  afterEach(async () => {
    await stand.dispose();
    await cli.removeAll();
  }, TEST_TIMEOUT_MS);
  afterAll(() => engine.dispose(), TEST_TIMEOUT_MS);

  async function given(restart: 'always' | 'no', intervalS = INTERVAL_S): Promise<void> {
    const settings = { DOCKER_HOST: `unix://${engine.socketPath}`, DEFAULT_POLICY: 'true' };
    stand = await createStand({ settings, intervalS });
    // Without a signal that `sleep` heeds, an engine waits 10 s for each.
    const options = ['--network', 'none', '--restart', restart, '--stop-signal', 'SIGKILL'];
    const names = Array.from({ length: COUNT }, (_, index) => `c${String(index).padStart(2, '0')}`);
    await Promise.all(names.map((name) => cli.run(name, 'exec sleep 1000', ...options)));
    await stand.controller.start();
    await until('all are seen running', PATIENCE_MS, async () => {
      const { containers } = await stand.state();
      return containers.filter(({ state }) => state === 'running').length === COUNT || undefined;
    });
  }

  it('a restart of the engine with all its containers: one note', async () => {
    // It may take the engine some seconds to start them all, in which the host is no alert yet.
    await given('always', 10);
    await engine.end('SIGTERM');
    await engine.start();
    expect(summaryOf(await stand.listen(READER, 1))).toEqual([['INFO: 30 alerts', 'INFO: container restarted']]);
  });

  it('containers that a quick restart of the engine ends: one mail', async () => {
    await given('no', 10);
    await engine.end('SIGTERM');
    await engine.start();
    expect(summaryOf(await stand.listen(READER, 1))).toEqual([['CRITICAL: 30 alerts', DOWN]]);
  });

  it('an engine that stays away: one mail about the host, and one about all when it is back', async () => {
    await given('no');
    await engine.end('SIGTERM');
    const [away, ...others] = await stand.listen(READER, 1);
    expect(away?.[0]).toBe('[CRITICAL] host local: unreachable');
    expect(away?.[1]).toMatch(/^CRITICAL: Host local is UNREACHABLE, nothing on it is watched: /);
    expect(others).toEqual([]);
    await sleep(GRACE_MS);
    await engine.start();
    expect(summaryOf((await stand.listen(READER, 2)).slice(1))).toEqual([['CRITICAL: 31 alerts', DOWN]]);
  });
});

/** Of each mail the first line, and what is said of the containers, each thing once. */
function summaryOf(mails: readonly Told[]): readonly (readonly string[])[] {
  return mails.map(([, headline, ...rows]) => [
    headline ?? '',
    ...new Set(
      rows.filter((row) => !row.endsWith('more on the dashboard')).map((row) => row.replace(/^- (\S+) c\d\d/, '$1')),
    ),
  ]);
}
