import type { Clock } from '../../clock.ts';
import type { Config, DockerHost } from '../../config.ts';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Container } from '../../model/container.ts';
import type { HostRuntime } from '../runtime.ts';
import { createCgroupReader } from './cgroup.ts';
import { createConnection, isLocal, type Session } from './connection.ts';
import { createContainers, type Containers, type TargetView } from './containers.ts';
import { classifyFailure, plain, type EngineError } from './failure.ts';
import { createFollower, type Follower } from './follow.ts';
import { createHostState, type HostState } from './host-state.ts';
import { openLogs, readLinks } from './logs.ts';
import { createObserver } from './observe.ts';
import type { Remembered } from './remembered.ts';
import { createStatsSource } from './stats-source.ts';

export interface DockerRuntimeOptions {
  readonly host: DockerHost;
  readonly config: Pick<Config, 'statsSource' | 'hostCgroupDir' | 'hostProcDir'>;
  /** Folder of ca.pem, cert.pem and key.pem for engines behind TLS (DOCKER_CERT_PATH). */
  readonly certPath?: string | undefined;
  /** What an earlier process remembered of its containers, by target. */
  readonly earlier?: ReadonlyMap<string, Remembered> | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** The ssh client and leading arguments; "ssh" of the PATH by default. */
  readonly sshCommand?: readonly [string, ...string[]] | undefined;
}

export interface DockerRuntime extends HostRuntime {
  /** For the process that watches these containers next, by target. */
  remembered(): ReadonlyMap<string, Remembered>;
}

/** First wait before another attempt to reach the engine, doubled up to the longest. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
/** A session that lasted this long was a good one: the next attempt follows at once. */
const GOOD_SESSION_MS = 10_000;
/** Nothing the runtime waits for at its end may hold the process. */
const STOP_TIMEOUT_MS = 3000;

/** The containers of one Docker engine: local, over TCP with TLS, or through ssh. */
export function createDockerRuntime(options: DockerRuntimeOptions): DockerRuntime {
  const { host, clock, config } = options;
  const log = options.log.child({ host: host.name });
  const ended = new AbortController();
  const listeners: ((targetId: string) => void)[] = [];
  const containers = createContainers(host.name, options.earlier);
  const hostState = createHostState(host.name, clock);
  const connection = createConnection(options);
  const usesCgroup = config.statsSource !== 'engine-api' && isLocal(host.url);
  const cgroup = usesCgroup
    ? createCgroupReader({ cgroupDir: config.hostCgroupDir, procDir: config.hostProcDir })
    : undefined;
  const observer = createObserver({
    host: host.name,
    url: host.url,
    containers,
    hostState,
    stats: createStatsSource(cgroup),
    signal: ended.signal,
  });
  const onSession = (session: Session): void => {
    cgroup?.keepOnly(new Set(containers.ids()));
    hostState.setSource(cgroup !== undefined && canRead(cgroup, containers) ? 'cgroup' : 'engine-api');
    hostState.reach(session);
    const { host: _, ...status } = hostState.status();
    log.info(status, 'the Docker engine is reachable');
  };
  const onChange = (targetId: string): void => {
    for (const listener of listeners) listener(targetId);
  };
  const follower = createFollower({ connection, containers, clock, log, url: host.url, onSession, onChange });
  let running: Promise<void> | undefined;

  return {
    host: host.name,
    start: () => {
      running ??= followForEver({ follower, containers, hostState, clock, log, url: host.url, signal: ended.signal });
    },
    stop: async () => {
      ended.abort(new Error('the runtime is stopping'));
      const isDone = new AbortController();
      const done = Promise.all([running, connection.close()]).finally(() => {
        isDone.abort();
      });
      await Promise.race([done, clock.sleep(STOP_TIMEOUT_MS, isDone.signal).catch(() => undefined)]);
    },
    remembered: () => containers.remembered(clock.now()),
    status: () => hostState.status(),
    hosts: () => [hostState.status()],
    targets: () => containers.targets(),
    containers: () =>
      containers
        .targets()
        .flatMap(({ id }) => containers.find(id) ?? [])
        .map(toContainer),
    observe: (targetIds, now) => observer.observe(targetIds, now),
    logs: (targetId, logOptions, signal) =>
      openLogs({ hostState, containers }, targetId, { ...logOptions, signal: AbortSignal.any([ended.signal, signal]) }),
    links: (targetId, signal) =>
      readLinks({ hostState, containers }, targetId, AbortSignal.any([ended.signal, signal])),
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

interface Following {
  readonly follower: Follower;
  readonly containers: Containers;
  readonly hostState: HostState;
  readonly clock: Clock;
  readonly log: Log;
  readonly url: string;
  readonly signal: AbortSignal;
}

/** Session after session, with growing waits while the engine is away. Resolves when the signal aborts. */
async function followForEver(following: Following): Promise<void> {
  const { follower, containers, clock, signal, url } = following;
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    const startedAt = clock.now();
    const error = await follower.follow(signal).catch((thrown: unknown) => classifyFailure(thrown, url));
    if (signal.aborted) return;
    containers.hostLeft(clock.now());
    if (clock.now() - startedAt >= GOOD_SESSION_MS && error.reason === 'Refused') {
      // A proxy cuts quiet streams; whether the engine is away, the attempt that follows at once will tell.
      retryMs = FIRST_RETRY_MS;
      continue;
    }
    noteLoss(following, error);
    await clock.sleep(retryMs, signal).catch(() => undefined);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }
}

function noteLoss({ hostState, log }: Following, error: EngineError): void {
  if (hostState.lose(error)) log.warn({ reason: error.reason }, plain(errorMessage(error)));
}

function canRead(cgroup: ReturnType<typeof createCgroupReader>, containers: Containers): boolean {
  return containers
    .targets()
    .flatMap((target) => containers.find(target.id) ?? [])
    .some((view) => view.life.phase === 'running' && cgroup.read(view.life.facts) !== undefined);
}

function toContainer({ target, life }: TargetView): Container {
  const { state, health, createdAt, startedAt, finishedAt, exitCode, restartCount, oomKilled } = life.facts;
  return { target, state, health, createdAt, startedAt, finishedAt, exitCode, restarts: restartCount, oomKilled };
}
