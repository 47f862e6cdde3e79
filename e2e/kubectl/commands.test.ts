import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { changing } from './commands/changing.ts';
import { access, clusterKinds } from './commands/cluster-kinds.ts';
import { findKubectls, startCluster, type Cluster } from './commands/clusters.ts';
import { type Command } from './commands/command.ts';
import { discovering } from './commands/discovering.ts';
import { ending } from './commands/ending.ts';
import { reading } from './commands/reading.ts';
import { writing } from './commands/writing.ts';

const START_TIMEOUT_MS = 120_000;
const COMMAND_TIMEOUT_MS = 120_000;
const LEAST_COMMANDS = 80;
const script: readonly Command[] = [
  ...discovering,
  ...writing,
  ...changing,
  ...reading,
  ...clusterKinds,
  ...access,
  ...ending,
];
const modes = [
  { mode: 'as it comes', env: {} },
  { mode: 'with lists that are watched', env: { KUBE_FEATURE_WatchListClient: 'true' } },
];

const kubectls = findKubectls();
const runs = kubectls.flatMap((kubectl) => modes.map((mode) => ({ ...mode, kubectl, minor: kubectl.minor })));

beforeEach((context) => skipUnless(context, requireKubectl()));

it(`is a script of at least ${LEAST_COMMANDS} commands, and there is a kubectl to run it`, () => {
  expect(script.length).toBeGreaterThanOrEqual(LEAST_COMMANDS);
  expect(kubectls).not.toEqual([]);
});

/** One user's day, command by command: each sees what the ones before it left. */
describe.each(runs)('kubectl 1.$minor, $mode', ({ kubectl, env }) => {
  const commands = script.filter(({ sinceMinor = 0 }) => kubectl.minor >= sinceMinor);
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster(kubectl, env);
  }, START_TIMEOUT_MS);

  afterAll(() => cluster.stop(), START_TIMEOUT_MS);

  it.for(commands)('$name: kubectl $command', { timeout: COMMAND_TIMEOUT_MS }, async (command, context) => {
    const lack = cluster.lacks(command);
    if (lack !== undefined) context.skip(lack);
    const { output, exitCode } = await cluster.answer(command);
    expect({ output, exitCode }).toEqual({
      output: expectedText(command.expected, output),
      exitCode: command.exitCode ?? 0,
    });
  });
});

/** The output itself where it matches, so that what is shown otherwise is the pattern. */
function expectedText(expected: string | RegExp, output: string): string {
  if (typeof expected === 'string') return expected;
  return expected.test(output) ? output : expected.source;
}
