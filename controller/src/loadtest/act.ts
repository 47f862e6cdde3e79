import type { Log } from '../log.ts';
import { planDurationMs, type LoadTest } from '../model/load-test.ts';
import { commandLine } from './command-line.ts';
import type { Decision } from './decision.ts';
import { LaunchError, type LoadLauncher } from './launcher.ts';

export interface ActDeps {
  readonly launcher: LoadLauncher;
  readonly log: Log;
}

/** Carries out what was decided. @returns why a generator could not be launched, if that is so */
export async function act(
  deps: ActDeps,
  { test, effect, record }: Pick<Decision, 'effect' | 'record'> & { readonly test: LoadTest },
  signal: AbortSignal,
): Promise<LaunchError | undefined> {
  const { launcher } = deps;
  switch (effect.kind) {
    case 'launch':
      if (record.phase !== 'launching') return undefined;
      return launchAll(deps, { test, run: record.startedAt, indexes: effect.indexes }, signal);
    case 'stop':
      await Promise.all(effect.generators.map((generator) => launcher.stop(generator, effect.force, signal)));
      return undefined;
    case 'remove':
      await Promise.all(effect.generators.map((generator) => launcher.remove(generator, signal)));
      return undefined;
    default:
      return undefined;
  }
}

interface Launch {
  readonly test: LoadTest;
  readonly run: number;
  readonly indexes: readonly number[];
}

async function launchAll(
  { launcher, log }: ActDeps,
  { test, run, indexes }: Launch,
  signal: AbortSignal,
): Promise<LaunchError | undefined> {
  const { uid: owner, name, url, authorization } = test;
  const [namespace = ''] = test.key.split('/');
  const secrets = authorization === undefined ? [] : [authorization.env];
  const { parallelism } = test;
  const planMs = planDurationMs(test) + test.timeoutMs;
  const common = { owner, run, parallelism, name, namespace, url, secrets, planMs, args: commandLine(test) };
  for (const index of indexes) {
    try {
      await launcher.launch({ ...common, index }, signal);
    } catch (error) {
      if (!(error instanceof LaunchError)) throw error;
      log.warn({ loadtest: test.key, final: error.isFinal }, `a generator could not be started: ${error.message}`);
      return error;
    }
  }
  return undefined;
}
