import { hasEnded, whenEnded } from '../child-process.ts';
import { mailSettings, startClusterController } from '../cluster/cluster-controller.ts';
import type { SimulatedCluster } from '../cluster/simulated-cluster.ts';
import { startFakeSes, type FakeSes } from '../email/fake-ses.ts';
import { openApiWay, type ApiWay } from './api-way.ts';

/** One of several controllers, with ways to the API server and to SES of its own, so that it is seen what it does. */
export interface Replica {
  readonly name: string;
  readonly api: ApiWay;
  readonly ses: FakeSes;
  get(path: string): Promise<unknown>;
  text(path: string): Promise<string>;
  log(): readonly string[];
  signal(signal: NodeJS.Signals): void;
  /** Its exit code, or the signal that ended it. */
  ended(): Promise<number | string>;
  hasEnded(): boolean;
  /** What is left of it, too. */
  close(): Promise<void>;
}

export async function startReplica(cluster: SimulatedCluster, name: string): Promise<Replica> {
  const api = await openApiWay(cluster.kubeconfig);
  const ses = await startFakeSes();
  const controller = await startClusterController(cluster, {
    CLUSTER_KUBECONFIG: api.kubeconfig,
    LEADER_ELECTION: 'true',
    POD_NAME: name,
    POD_IP: '127.0.0.1',
    REPLICA_KEY: 'the same for all replicas',
    DEFAULT_POLICY: 'false',
    ...mailSettings(ses.url),
    LOG_LEVEL: 'info',
  });
  const { process } = controller;
  return {
    name,
    api,
    ses,
    get: controller.get,
    text: controller.text,
    log: () => controller.log,
    signal: (signal) => void process.kill(signal),
    async ended() {
      await whenEnded(process);
      return process.exitCode ?? process.signalCode ?? 'gone';
    },
    hasEnded: () => hasEnded(process),
    async close() {
      process.kill('SIGCONT');
      await controller.stop();
      await ses.close();
      await api.close();
    },
  };
}
