import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDockerCli, type DockerCli } from '../engine/docker-cli.ts';
import { createPrivateEngine, loadImage, type PrivateEngine } from '../engine/private-engine.ts';
import { requireKubectl, requirePrivateEngine, skipUnless } from '../requirements.ts';
import { until } from '../until.ts';
import { buildManifest } from './policies.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { createStand, PATIENCE_MS, type Stand, type Told } from './stand.ts';

const TEST_TIMEOUT_MS = 480_000;
const requirements = [requirePrivateEngine, requireKubectl];

/** On an engine of their own, so that each reader's inbox holds what the scenario makes and nothing else. */
describe('what happens to a container', { timeout: TEST_TIMEOUT_MS }, () => {
  let engine: PrivateEngine;
  let stand: Stand;
  /** They run at the same time; each policy has its own container and reader. */
  let outcomes: ReadonlyMap<string, Promise<readonly (readonly Told[])[]>>;

  beforeAll(async () => {
    if (requirements.some((requirement) => requirement().skip)) return;
    engine = createPrivateEngine();
    await engine.start();
    await loadImage(engine.socketPath);
    const cli = createDockerCli('alerting', engine.socketPath);
    stand = await createStand({
      settings: { DOCKER_HOST: `unix://${engine.socketPath}`, DEFAULT_POLICY: 'false' },
      policies: scenarios.map(({ name, spec }) =>
        buildManifest({ name, reader: readerOf(name), containerNames: [name, `${name}-2`], spec }),
      ),
    });
    await stand.controller.start();
    await Promise.all(scenarios.map((scenario) => run(cli, scenario)));
    await until('all are seen', PATIENCE_MS, async () => {
      const { containers } = await stand.state();
      return containers.filter(({ state }) => state === 'running').length === scenarios.length || undefined;
    });
    outcomes = new Map(scenarios.map((scenario) => [scenario.name, play(stand, cli, scenario)]));
    await Promise.allSettled(outcomes.values());
  }, TEST_TIMEOUT_MS);
  beforeEach((context) => {
    for (const requirement of requirements) skipUnless(context, requirement());
  });
  afterAll(async () => {
    await stand.dispose();
    await engine.dispose();
  }, TEST_TIMEOUT_MS);

  it.each(scenarios)('$name: $title', async ({ name, steps }) => {
    expect(await outcomes.get(name)).toEqual(steps.map(({ mails }) => mails));
  });
});

function run(cli: DockerCli, { name, script = 'exec sleep 1000', options = [] }: Scenario): Promise<void> {
  return cli.run(name, script, '--network', 'none', ...options);
}

/** The mails of each step. */
async function play(stand: Stand, cli: DockerCli, { name, steps }: Scenario): Promise<readonly (readonly Told[])[]> {
  const outcome: (readonly Told[])[] = [];
  let count = 0;
  for (const { act, mails } of steps) {
    await act(cli, name);
    const told = await stand.listen(readerOf(name), count + mails.length);
    outcome.push(told.slice(count));
    count = told.length;
  }
  return outcome;
}

function readerOf(name: string): string {
  return `${name}@example.org`;
}
