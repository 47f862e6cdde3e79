import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import type { SteadyClock } from '../clock.ts';
import type { ClusterConfig, Config } from '../config.ts';
import { replicaKey } from '../dashboard/access/replica-key.ts';
import { countCalls, createCallCounter, type CallCounter } from '../dashboard/api-instruments.ts';
import { createFollowerDashboard } from '../dashboard/follower/follower.ts';
import { measureLeadership } from '../dashboard/instruments.ts';
import type { Dashboard } from '../dashboard/server.ts';
import { errorMessage } from '../errors.ts';
import type { ClusterClient } from '../kube/cluster.ts';
import { createEventRecorder } from '../kube/events.ts';
import { createElector, CALL_TIMEOUT_MS, type Elector } from '../kube/lease/elector.ts';
import type { LeaseRecord } from '../kube/lease/lease.ts';
import type { Instruments } from '../model/instruments.ts';
import type { Leadership } from '../model/leadership.ts';
import type { ReplicaConfig } from '../replica-config.ts';
import { createApp, type App } from './app.ts';
import type { Environment } from './assembly.ts';
import { dashboardAccess } from './dashboard-access.ts';
import { FIELD_MANAGER } from './declarations.ts';
import { followPast } from './history.ts';
import type { Shards, ShardsDeps } from './shards.ts';

export interface ReplicaEnvironment extends Omit<Environment, 'leadership'> {
  readonly clock: SteadyClock;
  /** Ends the process at once, with everything that it has under way. */
  readonly exit: (code: number) => void;
}

export interface ReplicaSettings extends Config {
  readonly replica: ReplicaConfig;
  readonly cluster: ClusterConfig;
}

const EVENT_STOP_MS = 1000;
/** What happened while nobody led is told, if it is not older. */
const NEWS_MS = 300_000;
/** By which the clocks of nodes differ; what is told twice for that is held by the cooldown. */
const CLOCKS_APART_MS = 2000;
/** The kubelet starts it again, as a follower. */
const EXIT_LOST = 1;

/**
 * One of several replicas. It follows until it is elected; then the controller is assembled while the follower still
 * answers, and takes its port over. Without the Lease the process ends: all that a leader knows may be wrong by then.
 */
export async function createReplica(config: ReplicaSettings, environment: ReplicaEnvironment): Promise<App> {
  const { clock, log, exit } = environment;
  const { replica, cluster } = config;
  const identity = `${replica.podName}_${randomUUID()}`;
  const calls = createCallCounter();
  const client = await createElectionClient(cluster, environment, countCalls(calls));
  const recorder = createEventRecorder({ client, clock, log, component: FIELD_MANAGER, instance: replica.podName });
  const elector: Elector = createElector({
    client,
    place: { namespace: cluster.ownNamespace, name: replica.leaseName },
    self: { identity, url: replica.url },
    onElected(lease, before) {
      log.info({ identity }, 'this replica leads from now on');
      recorder.record(lease, 'Normal', 'LeaderElection', `${identity} became leader`);
      taking = takeOver(watchedUntil(before, clock.now())).catch(giveUp);
    },
    onLost(reason) {
      log.error({ identity, reason }, 'this replica no longer leads, and ends at once');
      exit(EXIT_LOST);
    },
    clock,
    log,
    random: Math.random,
  });
  const shards = await joinShards(config, { client, identity, clock, log });
  const follower = await createFollower(config, environment, { elector, identity, shards, calls });
  let app: App | undefined;
  let taking: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;

  async function takeOver(until: number | undefined): Promise<void> {
    if (stopped !== undefined) return;
    const begunAt = clock.monotonic();
    app = await createApp(config, {
      ...environment,
      leadership: elector,
      share: shards?.share,
      calls,
      watchedUntil: until,
    });
    await Promise.all([follower.stop(), shards?.takeOver()]);
    await app.start();
    log.info({ tookMs: Math.round(clock.monotonic() - begunAt) }, 'this replica has taken over');
  }

  /** What it could not take over, another may. */
  async function giveUp(error: unknown): Promise<void> {
    log.fatal({ err: error }, `this replica cannot take over: ${errorMessage(error)}`);
    await elector.release();
    exit(EXIT_LOST);
  }

  async function stop(): Promise<void> {
    await taking;
    await app?.stop();
    await follower.stop();
    await shards?.stop();
    await recorder.stop(EVENT_STOP_MS);
    await elector.release();
    await client.close();
  }

  return {
    async start() {
      const { port } = await follower.start();
      log.info({ port, identity, url: replica.url }, 'this replica follows');
      shards?.start();
      elector.start();
      await loadAhead();
    },
    stop: () => (stopped ??= stop()),
    reopenLogs: () => app?.reopenLogs(),
  };
}

/** What only a leader needs is loaded while there is time: where CPU is short, that takes longer than all else of taking over. */
async function loadAhead(): Promise<void> {
  await Promise.all([import('./cluster-runtime.ts'), import('../notify/ses.ts'), import('../notify/ses-quota.ts')]);
}

/** Its calls end soon enough for another one within the deadline of a renewal. */
async function createElectionClient(
  cluster: ClusterConfig,
  { clock, log }: Pick<ReplicaEnvironment, 'clock' | 'log'>,
  instruments: Pick<Instruments, 'called'>,
): Promise<ClusterClient> {
  const { createClusterClient } = await import('../kube/cluster.ts');
  const { kubeconfig, ownNamespace: namespace } = cluster;
  return createClusterClient({ kubeconfig, namespace, clock, log, callTimeoutMs: CALL_TIMEOUT_MS, instruments });
}

/** Undefined where nobody led, or so long ago that what happened since is no news. */
function watchedUntil(before: LeaseRecord | undefined, now: number): number | undefined {
  const renewedAt = before === undefined ? NaN : Date.parse(before.renewTime);
  return Math.abs(now - renewedAt) <= NEWS_MS ? renewedAt - CLOCKS_APART_MS : undefined;
}

interface Candidacy {
  readonly elector: Pick<Leadership, 'leader'>;
  readonly identity: string;
  /** What it does for the leader besides. */
  readonly shards: Shards | undefined;
  readonly calls: CallCounter;
}

/** For a follower: one that is about to lead has nobody to ask. */
function elsewhere({ elector, identity }: Candidacy): Pick<Leadership, 'leader'> {
  return {
    leader() {
      const found = elector.leader();
      return found?.identity === identity ? undefined : found;
    },
  };
}

/** From the first leader that it sees on: one without a right to the Lease must hold up a rollout. */
function createReady({ elector }: Candidacy): () => { ready: true } | { ready: false; waitingFor: string } {
  let hasSeen = false;
  return () => {
    hasSeen ||= elector.leader() !== undefined;
    return hasSeen ? { ready: true } : { ready: false, waitingFor: 'the Lease, which says who leads' };
  };
}

/** Undefined: the leader asks all kubelets itself. */
async function joinShards(
  { cluster, replica, dashboard }: ReplicaSettings,
  deps: Pick<ShardsDeps, 'client' | 'identity' | 'clock' | 'log'>,
): Promise<Shards | undefined> {
  if (replica.shards === 1) return undefined;
  const { createShards } = await import('./shards.ts');
  return createShards({ ...deps, cluster, replica, key: replicaKey(dashboardAccess(dashboard), replica.key) });
}

async function createFollower(
  config: ReplicaSettings,
  { webDir, clock, log }: ReplicaEnvironment,
  candidacy: Candidacy,
): Promise<Dashboard> {
  const registry = new Registry();
  registry.registerMetric(candidacy.calls);
  measureLeadership(registry, config.replica.leaseName, { isHeld: () => false });
  const access = dashboardAccess(config.dashboard);
  const past = await followPast(config, { clock, log });
  const dashboard = await createFollowerDashboard(
    { ...config.dashboard, access, webDir, replicaKey: replicaKey(access, config.replica.key) },
    {
      leadership: elsewhere(candidacy),
      ready: createReady(candidacy),
      routes: candidacy.shards?.routes,
      past,
      registry,
      clock,
      log,
    },
  );
  return {
    start: dashboard.start,
    async stop() {
      await dashboard.stop();
      await past?.close();
    },
  };
}
