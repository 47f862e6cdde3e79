import { alerts, monitorPolicies, type KubeObject } from '../../controller/src/kube/client.ts';
import { decodeLease, leases } from '../../controller/src/kube/lease/lease.ts';
import { webPod, type PodShape } from '../cluster/pod-objects.ts';
import { NAMESPACE, startSimulatedCluster, type SimulatedCluster } from '../cluster/simulated-cluster.ts';
import type { SesMail } from '../email/fake-ses.ts';
import { until } from '../until.ts';
import { startReplica, type Replica } from './replica.ts';

/** Replicas of a controller, and a cluster whose containers break when the test says. */
export interface Replicas {
  readonly cluster: SimulatedCluster;
  start(name: string): Promise<Replica>;
  /** The holder of the Lease, once there is one that runs and is not `besides`. */
  leader(besides?: Replica): Promise<Replica>;
  /** One that does not lead. */
  follower(): Promise<Replica>;
  /** A container that was well does not start any more. */
  breakDown(name: string): Promise<void>;
  /** It ended and runs again, as between two looks. */
  crash(name: string): Promise<void>;
  /** It uses all that it may, as only its kubelet knows. */
  exhaust(name: string): void;
  /** Identity of who has the Lease; empty: nobody. */
  holder(): Promise<string>;
  /** Waits for a mail about a container. */
  told(name: string): Promise<void>;
  /** Waits until it is also written down: a replica that dies in between leaves the next one to tell it again. */
  noted(name: string): Promise<void>;
  /** Of all replicas that ever were. */
  mails(): readonly SesMail[];
  close(): Promise<void>;
}

/** The time of a Lease, a round of looks, and a machine that is busy with other things. */
const WAIT_MS = 90_000;
const MEBIBYTE = 1024 * 1024;
const LEASE_NAME = 'foghorn-controller';

/** Two, since a policy tells what is new at the same time in one mail. */
const policies = [
  policy('web', [
    { name: 'down', severity: 'critical', expr: '!up' },
    { name: 'cpu', severity: 'critical', expr: 'cpu > 80' },
  ]),
  policy('crashes', [{ name: 'crash', severity: 'critical', expr: 'crashed' }]),
];

function policy(name: string, rules: readonly object[]): KubeObject {
  return {
    apiVersion: 'foghorn.dev/v1alpha1',
    kind: 'MonitorPolicy',
    metadata: { name, namespace: NAMESPACE },
    spec: { interval: '1s', selector: { matchLabels: { app: 'web' } }, rules },
  };
}

export async function openReplicas(containers: readonly string[]): Promise<Replicas> {
  const cluster = await startSimulatedCluster();
  const startedAt = Date.now() - 600_000;
  const started: Replica[] = [];
  const shape = (name: string): PodShape => ({ name, image: 'shop/web:1', hash: name, workload: name, startedAt });
  const use = (name: string, cores: number): void =>
    cluster.use(name, { container: 'web', cores, memoryBytes: 64 * MEBIBYTE, since: startedAt });
  for (const name of containers) {
    await cluster.putPod(webPod(shape(name)));
    use(name, 0.05);
  }
  for (const one of policies) await cluster.client.create(monitorPolicies, one);

  const running = (): readonly Replica[] => started.filter((replica) => !replica.hasEnded());
  const mails = (): readonly SesMail[] => started.flatMap(({ ses }) => ses.accepted);
  const holder = async (): Promise<string> => {
    const lease = await cluster.client.get(leases, NAMESPACE, LEASE_NAME);
    return lease === undefined ? '' : decodeLease(lease).holder;
  };
  async function told(name: string): Promise<void> {
    await until(`a mail about ${name}`, WAIT_MS, () => mails().find(({ subject }) => subject.includes(name)));
  }
  const leader = (besides?: Replica): Promise<Replica> =>
    until('another leader', WAIT_MS, async () => {
      const identity = await holder();
      return running().find((one) => one !== besides && identity.startsWith(`${one.name}_`));
    });
  return {
    cluster,
    async start(name) {
      const replica = await startReplica(cluster, name);
      started.push(replica);
      return replica;
    },
    leader,
    async follower() {
      const leading = await leader();
      const found = running().find((one) => one !== leading);
      if (found === undefined) throw new Error('there is no follower');
      return found;
    },
    async breakDown(name) {
      await cluster.putPod(webPod({ ...shape(name), restarts: 0, lastExitCode: 0, waiting: 'ImagePullBackOff' }));
    },
    async crash(name) {
      await cluster.putPod(webPod({ ...shape(name), startedAt: Date.now(), restarts: 1, lastExitCode: 3 }));
    },
    exhaust: (name) => use(name, 0.49),
    holder,
    told,
    async noted(name) {
      await told(name);
      await until(`the note that ${name} was told`, WAIT_MS, async () => {
        const { items } = await cluster.client.list(alerts, { namespace: NAMESPACE });
        const alert = items.find(({ spec }) => JSON.stringify(spec).includes(`"${name}"`));
        return (alert?.status as { readonly notifications?: number } | undefined)?.notifications || undefined;
      });
    },
    mails,
    async close() {
      await Promise.all(started.map((replica) => replica.close()));
      await cluster.close();
    },
  };
}
