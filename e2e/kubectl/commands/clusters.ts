import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createShell, type Answer } from './shell.ts';
import { type Command } from './command.ts';
import { freePort } from '../../../controller/src/free-port.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const START_TIMEOUT_MS = 20_000;
const STEP_TIMEOUT_MS = 60_000;

/** A server of somebody else, to hold the same script against. */
export const foreign: string | undefined = process.env['KUBECONFIG_FOR_TESTS'];

/** A kubectl of this machine. */
export interface Kubectl {
  readonly program: string;
  /** As in 1.32. */
  readonly minor: number;
}

/** The oldest and the newest of that of the PATH and those that `scripts/kubectl-install.sh` put into the cache. */
export function findKubectls(): readonly Kubectl[] {
  const found = ['kubectl', ...globSync(join(root, '.cache/kubectl/*/kubectl'))].flatMap((program) => {
    const minor = minorOf(program);
    return minor === undefined ? [] : [{ program, minor }];
  });
  const byAge = found.toSorted((a, b) => a.minor - b.minor);
  return byAge.filter(({ minor }, index) => index === 0 || (index === byAge.length - 1 && minor !== byAge[0]?.minor));
}

function minorOf(program: string): number | undefined {
  try {
    const text = execFileSync(program, ['version', '--client'], { encoding: 'utf8', timeout: START_TIMEOUT_MS });
    const minor = /^Client Version: v1\.(\d+)/m.exec(text)?.[1];
    return minor === undefined ? undefined : Number(minor);
  } catch {
    // Not there, or not for this machine.
    return undefined;
  }
}

export interface Cluster {
  answer(command: Command): Promise<Answer>;
  /** Why a command cannot be asked of it. */
  lacks(command: Command): string | undefined;
  stop(): Promise<void>;
}

/** Our server on a new folder, or the cluster of KUBECONFIG_FOR_TESTS with our definitions; in a namespace of its own. */
export async function startCluster(kubectl: Kubectl, env: Readonly<Record<string, string>>): Promise<Cluster> {
  const home = await mkdtemp(join(tmpdir(), 'foghorn-commands-'));
  const server = foreign === undefined ? await serve(join(home, 'data')) : undefined;
  const kubeconfig = join(home, 'kubeconfig');
  await copyFile(foreign ?? join(home, 'data/kubeconfig'), kubeconfig);
  const settings = {
    ...env,
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    KUBECONFIG: kubeconfig,
    KUBECTL: kubectl.program,
  };
  const step = async (...args: readonly string[]): Promise<string> =>
    (await run(kubectl.program, args, { env: settings, timeout: STEP_TIMEOUT_MS })).stdout;
  const stop = async (): Promise<void> => {
    if (server !== undefined && server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    await rm(home, { recursive: true, force: true });
  };
  try {
    await step('config', 'set-context', '--current', '--namespace=commands');
    if (foreign !== undefined) {
      await step('apply', '--server-side', '--force-conflicts', '-f', join(root, 'crds'));
      await step('wait', 'crd', '--all', '--for=condition=Established', '--timeout=30s');
    }
    const served = await step('api-resources', '-o', 'name');
    const hasCore = /^namespaces$/m.test(served);
    return { answer: createShell(settings).answer, lacks: (command) => reasonNotToAsk(command, hasCore), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function reasonNotToAsk({ needs }: Command, hasCore: boolean): string | undefined {
  if (needs === 'foghorn' && foreign !== undefined) return 'holds for the contexts and kinds of Foghorn only';
  return needs === 'core' && !hasCore ? 'the server has no namespaces, ConfigMaps, Secrets and events' : undefined;
}

async function serve(data: string) {
  const server = spawn(
    process.execPath,
    [join(root, 'e2e/kubectl/serve.ts'), '--data', data, '--port', String(await freePort())],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(server.stdout, 'data', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
  if (!existsSync(join(data, 'kubeconfig'))) throw new Error('the server wrote no kubeconfig');
  return server;
}
