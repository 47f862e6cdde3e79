import type { SteadyClock } from '../clock.ts';
import type { Kubelets } from '../collect/kubelet/kubelet.ts';
import { createMemberClient, MAX_NODES_PER_CALL, SUMMARIES_PATH } from '../collect/kubelet/shards/member-client.ts';
import { createShardMember } from '../collect/kubelet/shards/member.ts';
import { createShardedKubelets, type ShardInstruments } from '../collect/kubelet/shards/sharded-kubelets.ts';
import type { ClusterConfig } from '../config.ts';
import { REPLICA_HEADER, signReplica, type ReplicaKey } from '../dashboard/access/replica-key.ts';
import { shardRoutes } from '../dashboard/routes/shard.ts';
import type { ResourceClient } from '../kube/client.ts';
import { createSlotHolder, createSlotWatch } from '../kube/lease/slots.ts';
import type { Log } from '../log.ts';
import type { ReplicaConfig } from '../replica-config.ts';
import { createNodeReader } from './cluster-runtime.ts';

/** A replica's part in asking the kubelets: it has a share of the nodes, and hands the leader what they tell. */
export interface Shards {
  /** While it follows: what the leader asks it for. */
  routes(app: Parameters<typeof shardRoutes>[0]): void;
  /** Begins to follow nodes, and looks for a place among those that have a share. */
  start(): void;
  /** As the leader from now on: its way to the kubelets. */
  share(own: Kubelets, instruments: ShardInstruments): Kubelets;
  /** Ends the part of a follower; a leader has its share without a place. */
  takeOver(): Promise<void>;
  stop(): Promise<void>;
}

export interface ShardsDeps {
  readonly cluster: ClusterConfig;
  readonly replica: ReplicaConfig;
  /** Of this run. */
  readonly identity: string;
  readonly key: ReplicaKey;
  /** With deadlines that fit a Lease. */
  readonly client: Pick<ResourceClient, 'get' | 'create' | 'update'>;
  readonly clock: SteadyClock;
  readonly log: Log;
}

/** The leader has a share without one. */
function placesOf({ cluster, replica }: Pick<ShardsDeps, 'cluster' | 'replica'>) {
  const names = Array.from({ length: replica.shards - 1 }, (_, index) => `${replica.leaseName}-shard-${index + 1}`);
  return { namespace: cluster.ownNamespace, names };
}

export function createShards(deps: ShardsDeps): Shards {
  const { cluster, replica, identity, key, clock, log } = deps;
  const places = placesOf(deps);
  const holder = createSlotHolder({ ...deps, places, self: { identity, url: replica.url } });
  const watch = createSlotWatch({ ...deps, places });
  const reader = createNodeReader(cluster, { clock, log });
  const member = createShardMember({ ...reader, clock });
  const sign = (request: { readonly method: string; readonly path: string }) => ({
    [REPLICA_HEADER]: signReplica(key, { kind: 'member', name: replica.podName }, { ...request, now: clock.now() }),
  });
  const members = createMemberClient({ sign });
  let followed: Promise<void> | undefined;

  async function endFollowing(): Promise<void> {
    await holder.stop();
    await reader.stop();
  }

  const takeOver = (): Promise<void> => (followed ??= endFollowing());
  return {
    routes: (app) => shardRoutes(app, { path: SUMMARIES_PATH, maxNodes: MAX_NODES_PER_CALL, answer: member.answer }),
    start() {
      reader.start();
      holder.start();
    },
    share(own, instruments) {
      watch.start();
      return createShardedKubelets({
        own,
        self: identity,
        members: watch.members,
        ask: members.ask,
        instruments,
        clock,
        log,
      });
    },
    takeOver,
    async stop() {
      await takeOver();
      await watch.stop();
      await members.close();
    },
  };
}
