import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { FoghornError, errorMessage } from '../errors.ts';
import { compileThresholds } from '../evaluate/threshold.ts';
import { loadTests, type ResourceClient } from '../kube/client.ts';
import type { EventRecorder } from '../kube/events.ts';
import { createInformer } from '../kube/informer.ts';
import { createWorkQueue } from '../kube/work-queue.ts';
import type { Log } from '../log.ts';
import { createLoadBoard, type LoadBoard } from '../loadtest/board.ts';
import type { LoadEngine } from '../loadtest/docker/launcher.ts';
import type { LoadLauncher } from '../loadtest/launcher.ts';
import type { LoadSurroundings } from '../loadtest/result.ts';
import type { LoadRunner } from '../loadtest/runner.ts';
import type { Instruments } from '../model/instruments.ts';
import type { Fence } from '../model/leadership.ts';
import { createLoadTestReconciler } from '../reconcile/load-test.ts';
import { createJobCluster, createServiceFinder } from './job-cluster.ts';

/** Load tests: their objects, and what runs them. */
export interface LoadControl {
  /** What drives which container now. */
  readonly loads: Pick<LoadBoard, 'on' | 'list' | 'series'>;
  start(surroundings: LoadSurroundings): void;
  /** Generators go on running; the next controller finds them again. */
  stop(drainMs: number): Promise<void>;
}

export interface LoadControlDeps {
  readonly config: Pick<Config, 'loadTests' | 'runtime' | 'dockerHosts' | 'dataDir' | 'env' | 'cluster'>;
  readonly client: ResourceClient;
  readonly recorder: EventRecorder;
  readonly instruments: Instruments;
  readonly clock: Clock;
  readonly log: Log;
  /** Before each write to a cluster. */
  readonly fence: Fence | undefined;
}

/** Tests that are stepped at one time: a slow engine must not hold up the others. */
const CONCURRENCY = 4;
/** Where the repository and the images have the generator. */
const CLI = join(import.meta.dirname, '../../../loadgen/src/cli.ts');

export function createLoadControl(deps: LoadControlDeps): LoadControl {
  const { client, recorder, instruments, clock, log } = deps;
  const loads = createLoadBoard();
  let reconcile: ReturnType<typeof createLoadTestReconciler> | undefined;
  let runner: Promise<LoadRunner> | undefined;
  const queue = createWorkQueue({
    name: 'loadtests',
    instruments,
    clock,
    log,
    concurrency: CONCURRENCY,
    reconcile: async (key, signal) => reconcile?.(key, signal),
  });
  const informer = createInformer({ client, resource: loadTests, instruments, clock, log, onChange: queue.add });
  const knownUids = (): ReadonlySet<string> => new Set(informer.list().flatMap(({ metadata }) => metadata.uid ?? []));

  return {
    loads,
    start(surroundings) {
      // With the first load test only: histograms and launchers cost memory.
      const get = (): Promise<LoadRunner> => (runner ??= openRunner(deps, { ...surroundings, board: loads }));
      const lazy = {
        step: async (...step: Parameters<LoadRunner['step']>) => (await get()).step(...step),
        sweep: async (...sweep: Parameters<LoadRunner['sweep']>) => (await get()).sweep(...sweep),
        forget: loads.remove,
      };
      reconcile = createLoadTestReconciler({ client, runner: lazy, recorder, clock, knownUids });
      informer.start();
    },
    async stop(drainMs) {
      await informer.stop();
      await queue.stop(drainMs);
      await (await runner)?.close();
    },
  };
}

async function openRunner(
  deps: LoadControlDeps,
  parts: LoadSurroundings & { readonly board: ReturnType<typeof createLoadBoard> },
): Promise<LoadRunner> {
  const { createLoadRunner } = await import('../loadtest/runner.ts');
  const { clock, log, config, client } = deps;
  const launcher = await openLauncher(deps);
  const findService = config.cluster === undefined ? undefined : createServiceFinder(client, log);
  log.info({ launcher: launcher?.kind ?? 'off' }, 'load tests are run');
  return createLoadRunner({
    ...parts,
    findService,
    launcher,
    allowed: config.loadTests.allowedHosts,
    compileThresholds: (test) => compileThresholds(test.thresholds),
    clock,
    log,
  });
}

async function openLauncher(deps: LoadControlDeps): Promise<LoadLauncher | undefined> {
  const { config, clock, log } = deps;
  const { launcher: wanted, image } = config.loadTests;
  const kind = wanted === 'auto' ? (config.cluster === undefined ? config.runtime : 'job') : wanted;
  const dir = join(config.dataDir, 'loadtests');
  if (kind === 'process') {
    const { createProcessLauncher } = await import('../loadtest/process.ts');
    return createProcessLauncher({ dir, cli: CLI, clock, env: config.env });
  }
  if (kind === 'off' || kind === 'kubelet') return undefined;
  if (kind === 'job') return openJobLauncher(deps);
  const { createDockerLauncher } = await import('../loadtest/docker/launcher.ts');
  const engines = await openEngines(config, log);
  return createDockerLauncher({ engines, image, controllerId: controllerId(dir), env: config.env });
}

async function openJobLauncher(deps: LoadControlDeps): Promise<LoadLauncher> {
  const { config, clock, log, fence, instruments } = deps;
  const { cluster, loadTests: tests } = config;
  if (cluster === undefined) throw new FoghornError('InvalidConfig', 'LOADTEST_LAUNCHER=job needs RUNTIME=kubelet');
  const { createClusterClient } = await import('../kube/cluster.ts');
  const { createJobLauncher } = await import('../loadtest/job/launcher.ts');
  const { kubeconfig, namespace } = cluster;
  const client = createClusterClient({ kubeconfig, namespace, clock, log, fence, instruments });
  return createJobLauncher({ cluster: createJobCluster(client), image: tests.image, clock });
}

/** Hosts over ssh are left out: their tunnel belongs to collecting. */
async function openEngines({ dockerHosts, env }: LoadControlDeps['config'], log: Log): Promise<readonly LoadEngine[]> {
  const { parseAddress, socketOptions, tcpOptions } = await import('../collect/docker/address.ts');
  return dockerHosts.flatMap(({ name: host, url }) => {
    try {
      const address = parseAddress(url);
      if (address.kind === 'unix') return [{ host, options: socketOptions(address.socketPath) }];
      if (address.kind === 'tcp') return [{ host, options: tcpOptions(address, env['DOCKER_CERT_PATH']) }];
      log.warn({ host }, 'load generators cannot be run over ssh');
    } catch (error) {
      log.warn({ host, err: error }, `load generators cannot be run there: ${errorMessage(error)}`);
    }
    return [];
  });
}

/** Made once for a data folder: by it this controller's generators are told from those of another on the same engine. */
function controllerId(dir: string): string {
  const file = join(dir, 'controller-id');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  mkdirSync(dir, { recursive: true });
  const id = randomUUID();
  writeFileSync(file, id);
  return id;
}
