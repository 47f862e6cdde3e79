import Dockerode from 'dockerode';
import { errorMessage } from '../../errors.ts';
import {
  generatorName,
  LaunchError,
  type Generator,
  type LaunchOrder,
  type LoadLauncher,
  type Output,
} from '../launcher.ts';
import { readOutput } from '../output.ts';
import { containerOf, LABELS } from './container.ts';
import { demultiplex } from './demultiplex.ts';
import { isLoopback, placeOf, type Place } from './place.ts';

/** An engine on which generators may run. */
export interface LoadEngine {
  readonly host: string;
  readonly options: Dockerode.DockerOptions;
}

export interface DockerLauncherDeps {
  /** The first is used for targets that are no containers. */
  readonly engines: readonly LoadEngine[];
  readonly image: string;
  /** Tells our generators from those of another controller on the same engine. */
  readonly controllerId: string;
  /** The controller's; a generator gets the secrets that its order names. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One call to an engine. */
const CALL_TIMEOUT_MS = 10_000;
/** Creating a container takes longest on a busy machine. */
const LAUNCH_TIMEOUT_MS = 30_000;
/** Log entries: the engine cuts lines into entries of 16 KiB, and a report has at most 8 MB. */
const RUNNING_ENTRIES = 20;
const ENDED_ENTRIES = 500;

interface Engine {
  readonly host: string;
  readonly docker: Dockerode;
}

/** Generators as containers next to their target. */
export function createDockerLauncher(deps: DockerLauncherDeps): LoadLauncher {
  const engines = deps.engines.map(({ host, options }): Engine => ({ host, docker: new Dockerode(options) }));
  const asked = new Set<string>();

  function containerFor(id: string): Dockerode.Container {
    const [host = '', containerId = ''] = id.split('|');
    const engine = engines.find((one) => one.host === host);
    if (engine === undefined) throw new Error(`there is no engine ${host}`);
    return engine.docker.getContainer(containerId);
  }

  async function findPlace(
    url: string,
    signal: AbortSignal,
  ): Promise<{ readonly engine: Engine; readonly place: Place }> {
    const [first] = engines;
    if (first === undefined) throw new LaunchError('there is no engine to run generators on', true);
    const host = new URL(url).hostname;
    if (!isLoopback(host)) {
      const abortSignal = within(CALL_TIMEOUT_MS, signal);
      const looks = await Promise.allSettled(engines.map(({ docker }) => docker.listContainers({ abortSignal })));
      for (const [index, look] of looks.entries()) {
        const engine = engines[index];
        const place = look.status === 'fulfilled' ? placeOf(url, look.value) : undefined;
        if (engine !== undefined && place !== undefined) return { engine, place };
      }
      // It may be on an engine that is away.
      const failed = looks.find((look) => look.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    return { engine: first, place: { network: isLoopback(host) ? 'host' : 'bridge', url } };
  }

  async function launch(order: LaunchOrder, signal: AbortSignal): Promise<void> {
    const { engine, place } = await findPlace(order.url, signal);
    const name = generatorName(order);
    const abortSignal = within(LAUNCH_TIMEOUT_MS, signal);
    try {
      await engine.docker.createContainer({ name, ...containerOf(order, place, deps), abortSignal });
    } catch (error) {
      // It was created by a pass that ended before it was started.
      if (statusOf(error) !== 409) throw error;
    }
    await engine.docker.getContainer(name).start({ abortSignal }).catch(ignore(304));
  }

  return {
    kind: 'docker',
    async list(owner, signal) {
      const label = owner === undefined ? `${LABELS.controller}=${deps.controllerId}` : `${LABELS.owner}=${owner}`;
      const looks = engines.map((engine) => listOn(engine, label, signal));
      const found = await Promise.all(looks);
      return { generators: found.flatMap((one) => one.generators), away: found.flatMap((one) => one.away) };
    },
    launch: (order, signal) =>
      launch(order, signal).catch((error: unknown) => {
        throw launchErrorOf(error, deps.image);
      }),
    read: ({ id, state }, signal) => readLogs(containerFor(id), state.kind === 'ended', signal),
    async stop({ id }, force, signal) {
      if (asked.has(id) && !force) return;
      asked.add(id);
      const options = { signal: force ? 'SIGKILL' : 'SIGTERM', abortSignal: within(CALL_TIMEOUT_MS, signal) };
      await containerFor(id).kill(options).catch(ignore(404, 409));
    },
    async remove({ id }, signal) {
      const options = { force: true, v: true, abortSignal: within(CALL_TIMEOUT_MS, signal) };
      // 409: a removal is under way.
      await containerFor(id).remove(options).catch(ignore(404, 409));
      asked.delete(id);
    },
    close: async () => undefined,
  };
}

interface Listed {
  readonly generators: readonly Generator[];
  readonly away: readonly string[];
}

async function listOn({ host, docker }: Engine, label: string, signal: AbortSignal): Promise<Listed> {
  try {
    const abortSignal = within(CALL_TIMEOUT_MS, signal);
    const containers = await docker.listContainers({ all: true, filters: { label: [label] }, abortSignal });
    const generators = await Promise.all(containers.map((one) => generatorOf({ host, docker }, one, abortSignal)));
    return { generators: generators.flat(), away: [] };
  } catch (error) {
    return { generators: [], away: [`${host}: ${errorMessage(error)}`] };
  }
}

async function generatorOf(
  { host, docker }: Engine,
  { Id, Labels, State }: Dockerode.ContainerInfo,
  abortSignal: AbortSignal,
): Promise<readonly Generator[]> {
  const owner = Labels[LABELS.owner];
  if (owner === undefined) return [];
  const run = Number(Labels[LABELS.run]);
  const identity = { id: `${host}|${Id}`, owner, run, index: Number(Labels[LABELS.index]) };
  if (State === 'created') return [{ ...identity, state: { kind: 'starting' } }];
  if (State !== 'exited' && State !== 'dead') return [{ ...identity, state: { kind: 'running' } }];
  const inspected = await docker.getContainer(Id).inspect({ abortSignal }).catch(ignore(404));
  if (inspected === undefined) return [];
  const { ExitCode: code, OOMKilled } = inspected.State;
  return [{ ...identity, state: { kind: 'ended', code, reason: OOMKilled ? 'out of memory' : `exit code ${code}` } }];
}

async function readLogs(container: Dockerode.Container, hasEnded: boolean, signal: AbortSignal): Promise<Output> {
  const tail = hasEnded ? ENDED_ENTRIES : RUNNING_ENTRIES;
  const abortSignal = within(CALL_TIMEOUT_MS, signal);
  const answer = await container
    .logs({ stdout: true, stderr: true, follow: false, tail, abortSignal })
    .catch(ignore(404));
  if (answer === undefined) return { complaint: '' };
  const { standardOutput, standardError } = demultiplex(answer);
  return readOutput(standardOutput, standardError);
}

function launchErrorOf(error: unknown, image: string): LaunchError {
  if (error instanceof LaunchError) return error;
  const status = statusOf(error);
  if (status === 404 && /no such image/i.test(errorMessage(error))) {
    const advice = 'build it: docker compose --profile load build load';
    return new LaunchError(`the image ${image} is not on this engine; ${advice}`, true, { cause: error });
  }
  if (status === 403) {
    const advice = 'the engine is read-only here (socket proxy): load tests need more, see docs/docker-api.md';
    return new LaunchError(advice, true, { cause: error });
  }
  return new LaunchError(errorMessage(error), status === 400, { cause: error });
}

/** Takes an answer of these statuses for an answer. */
function ignore(...statuses: readonly number[]): (error: unknown) => undefined {
  return (error) => {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
    return undefined;
  };
}

function statusOf(error: unknown): number | undefined {
  const has = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
  return has ? Number(error.statusCode) : undefined;
}

function within(ms: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(ms), signal]);
}
