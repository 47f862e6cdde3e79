import { systemClock } from '../../controller/src/clock.ts';
import { describeRuntimeContract, type RuntimeHarness } from '../../controller/src/collect/runtime-contract.ts';
import type { KubeObject } from '../../controller/src/kube/client.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { createClusterRuntime } from '../../controller/src/wiring/cluster-runtime.ts';
import { NAMESPACE, NODE, pods, startSimulatedCluster } from './simulated-cluster.ts';

/** A kubelet's answer is used again for a second: what runs since then is not in it. */
const SETTLE_MS = 1100;
const FINALIZER = 'example.org/kept';

type State = Partial<Record<'running' | 'terminated', object>>;

function pod(name: string, state: State, restartCount = 0, lastState: State = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels: { app: name } },
    spec: { nodeName: NODE, containers: [{ name: 'main', image: 'app:1', resources: { limits: { memory: '1Gi' } } }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'main', image: 'app:1', restartCount, state, lastState }] },
  };
}

const timestamp = (): string => new Date(systemClock.now()).toISOString();
const running = (): State => ({ running: { startedAt: timestamp() } });
const ended = (exitCode: number): State => ({
  terminated: {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: timestamp(),
    finishedAt: timestamp(),
  },
});

function pass(ms: number): Promise<void> {
  return systemClock.sleep(ms, new AbortController().signal);
}

describeRuntimeContract('kubelet, simulated cluster', async (): Promise<RuntimeHarness> => {
  const cluster = await startSimulatedCluster();
  const runtime = createClusterRuntime(
    {
      // The contract has one name for the place and the host in it.
      name: NODE,
      kubeconfig: cluster.kubeconfig,
      ownNamespace: NAMESPACE,
      kubeletAuthorityFile: cluster.kubeletAuthorityFile,
      isKubeletUnverified: false,
      nodeSources: ['kubelet'],
    },
    { clock: systemClock, log: createSilentLog() },
  );
  const put = async (made: KubeObject, usage: 'used' | 'gone'): Promise<void> => {
    const { name } = made.metadata;
    const used = { container: 'main', cores: 0.1, memoryBytes: 1024 * 1024, since: systemClock.now() - 1000 };
    cluster.use(name, usage === 'used' ? used : undefined);
    await cluster.putPod(made);
    if (usage === 'used') await pass(SETTLE_MS);
  };
  return {
    runtime: { ...runtime, status: () => runtime.hosts()[0] ?? noHost() },
    now: systemClock.now,
    pass,
    run: (name) => put(pod(name, running()), 'used'),
    crash: (name) => put(pod(name, ended(1)), 'gone'),
    startAgain: (name) => put(pod(name, running(), 1, ended(1)), 'used'),
    async stop(name) {
      const present = await cluster.client.get(pods, NAMESPACE, name);
      if (present === undefined) throw new Error(`no pod ${name}`);
      const metadata = { ...present.metadata, finalizers: [FINALIZER] };
      await cluster.client.update(pods, { ...present, metadata });
      await cluster.client.delete(pods, NAMESPACE, name);
      await put(pod(name, ended(0)), 'gone');
    },
    remove: (name) => cluster.removePod(name),
    dispose: () => cluster.close(),
  };
});

function noHost(): never {
  throw new Error('the cluster has no node');
}
