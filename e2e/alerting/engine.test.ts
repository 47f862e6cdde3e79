import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDockerCli, type DockerCli } from '../engine/docker-cli.ts';
import { createPrivateEngine, loadImage, type PrivateEngine } from '../engine/private-engine.ts';
import { requireKubectl, requirePrivateEngine, skipUnless } from '../requirements.ts';
import { until } from '../until.ts';
import { createStand, INTERVAL_S, PATIENCE_MS, type Stand, type Told } from './stand.ts';

const TEST_TIMEOUT_MS = 480_000;
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

  async function given(count: number, restart: 'always' | 'no'): Promise<void> {
    // Without a signal that `sleep` heeds, an engine waits 10 s for each.
    const options = ['--network', 'none', '--restart', restart, '--stop-signal', 'SIGKILL'];
    const names = Array.from({ length: count }, (_, index) => `${restart}-${index}`);
    await Promise.all(names.map((name) => cli.run(name, 'exec sleep 1000', ...options)));
  }

  async function watchAll(intervalS: number): Promise<void> {
    const settings = { DOCKER_HOST: `unix://${engine.socketPath}`, DEFAULT_POLICY: 'true' };
    stand = await createStand({ settings, intervalS });
    await stand.controller.start();
    await until('all are seen running', PATIENCE_MS, async () => {
      const { containers } = await stand.state();
      return containers.filter(({ state }) => state === 'running').length === COUNT || undefined;
    });
  }

  it('a restart of the engine: one note about those that it starts again, one mail about those that stay down', async () => {
    await given(COUNT / 2, 'always');
    await given(COUNT / 2, 'no');
    // However long it takes the engine to start them, the host is no alert yet: that takes two intervals.
    await watchAll(15);
    await engine.end('SIGTERM');
    await engine.start();
    expect(summaryOf(await stand.listen(READER, 2))).toEqual([
      ['INFO: 15 alerts', 'INFO: container restarted'],
      ['CRITICAL: 15 alerts', DOWN],
    ]);
  });

  it('an engine that stays away: one mail about the host, and one about all when it is back', async () => {
    await given(COUNT, 'no');
    await watchAll(INTERVAL_S);
    await engine.end('SIGTERM');
    const [away, ...others] = await stand.listen(READER, 1);
    expect(away?.[0]).toBe('[CRITICAL] host local: unreachable');
    expect(away?.[1]).toMatch(/^CRITICAL: Host local is UNREACHABLE, nothing on it is watched: /);
    expect(others).toEqual([]);
    await sleep(GRACE_MS);
    await engine.start();
    expect(summaryOf((await stand.listen(READER, 2)).slice(1))).toEqual([
      ['CRITICAL: 30 alerts (and 1 resolved)', DOWN],
    ]);
  });
});

/** Of each mail the first line, and what is said of the containers, each thing once. */
function summaryOf(mails: readonly Told[]): readonly (readonly string[])[] {
  return mails.map(([, headline, ...rows]) => [
    headline ?? '',
    ...new Set(
      rows
        .filter((row) => !row.endsWith('more on the dashboard'))
        .map((row) => row.replace(/^- (\S+) (?:no|always)-\d+/, '$1')),
    ),
  ]);
}
