import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createLog } from '../../log.ts';
import type { ContainerObservation, Observation } from '../../model/observation.ts';
import { decodeSummary } from './decode/summary.ts';
import { KubeletError } from './failure.ts';
import type { Kubelets } from './kubelet.ts';
import { recordedItems, recordedJson } from './recorded.ts';
import { createKubeletRuntime, type ClusterListener } from './runtime.ts';
import type { Runtime } from '../runtime.ts';

/** Memory of the recorded node. */
const NODE_BYTES = 24_684_084 * 1024;
/** When the summaries were recorded, roughly. */
const RECORDED_AT = 1_795_366_440_000;

interface Cluster {
  readonly runtime: Runtime;
  readonly clock: ReturnType<typeof createFakeClock>;
  readonly calls: string[];
  answer(file: string | KubeletError): void;
  list(): void;
  tell: ClusterListener;
}

/** The recorded cluster; its kubelet answers what the test wants. */
function createCluster(): Cluster {
  const clock = createFakeClock();
  const calls: string[] = [];
  let answer: string | KubeletError = 'summary-018.json';
  let isListed = false;
  let listener: ClusterListener = { pod: () => undefined, node: () => undefined };
  const kubelets: Kubelets = {
    summary: async ({ name }) => {
      calls.push(name);
      const samples = answer instanceof KubeletError ? undefined : decodeSummary(recordedJson(answer));
      if (samples === undefined) throw answer;
      return { source: 'kubelet', clockMs: RECORDED_AT, samples };
    },
    close: async () => undefined,
  };
  const runtime = createKubeletRuntime({
    cluster: 'kind',
    kubelets,
    clock,
    log: createLog({ level: 'silent' }),
    objects: {
      start: (wanted) => {
        listener = wanted;
      },
      stop: async () => undefined,
      hasSynced: () => isListed,
      areNodesHidden: () => false,
      pods: () => recordedItems('pods.json'),
      nodes: () => recordedItems('nodes.json'),
    },
  });
  return {
    runtime,
    clock,
    calls,
    answer: (next) => {
      answer = next;
    },
    list: () => {
      isListed = true;
    },
    tell: {
      pod: (object, isGone) => listener.pod(object, isGone),
      node: (object, isGone) => listener.node(object, isGone),
    },
  };
}

const WEB = 'kind/shop/deployment/web/0/web';

async function look({ runtime, clock }: Cluster, id: string): Promise<Observation> {
  const [seen] = await runtime.observe([id], clock.now());
  if (seen === undefined) throw new Error(`no observation of ${id}`);
  return seen;
}

async function observed(cluster: Cluster, id: string): Promise<ContainerObservation> {
  const seen = await look(cluster, id);
  if (seen.kind !== 'observed') throw new Error(seen.message);
  return seen;
}

describe('a cluster', () => {
  it('knows nothing before pods and nodes are listed', async () => {
    const cluster = createCluster();
    cluster.runtime.start();
    expect(cluster.runtime.targets()).toEqual([]);
    expect(cluster.runtime.hosts()).toMatchObject([{ host: 'kind', reachable: false, reason: 'Starting' }]);
    expect(await look(cluster, WEB)).toMatchObject({ kind: 'unreachable', reason: 'HostUnreachable' });
  });

  it('gives memory at the first look and rates from the second, by the time of the sample', async () => {
    const cluster = createCluster();
    cluster.runtime.start();
    cluster.list();
    const first = await observed(cluster, WEB);
    expect(first).toMatchObject({ state: 'running', restarts: 0, target: { host: 'node-1', namespace: 'shop' } });
    expect(first.resources.memoryBytes).toBeGreaterThan(0);
    expect(first.resources.cpuPercent).toBeUndefined();
    await cluster.clock.advance(10_000);
    cluster.answer('summary-020.json');
    const second = await observed(cluster, WEB);
    // 200m is its limit, and it burns all of it.
    expect(second.resources.cpuPercent).toBeGreaterThan(95);
    expect(second.resources.cpuPercent).toBeLessThan(105);
    expect(second.resources.memoryLimitBytes).toBe(67_108_864);
  });

  it.each([
    ['the first container of a pod has its network', 'pod/duo/0/app', true, 67_108_864],
    ['the others share it, and are not counted twice', 'pod/duo/0/sidecar', false, NODE_BYTES],
    ["the node's own network is nobody's", 'daemonset/node-agent/node-1/agent', false, NODE_BYTES],
    ['without a limit memory is of the node', 'pod/nolimits/0/main', true, NODE_BYTES],
  ])('%s', async (_name, place, isCounted, limitBytes) => {
    const cluster = createCluster();
    cluster.runtime.start();
    cluster.list();
    const target = cluster.runtime.targets().find(({ id }) => id.endsWith(place));
    await observed(cluster, target?.id ?? place);
    await cluster.clock.advance(10_000);
    cluster.answer('summary-020.json');
    const { resources } = await observed(cluster, target?.id ?? place);
    expect(resources.cpuPercent).toBeGreaterThanOrEqual(0);
    const rates = [resources.networkReceiveRate, resources.networkTransmitRate];
    expect(rates.map((rate) => rate !== undefined)).toEqual([isCounted, isCounted]);
    expect(resources.memoryLimitBytes).toBe(limitBytes);
  });

  it('repeats the rates of a sample that has not changed', async () => {
    const cluster = createCluster();
    cluster.runtime.start();
    cluster.list();
    await observed(cluster, WEB);
    cluster.answer('summary-020.json');
    await cluster.clock.advance(10_000);
    const second = await observed(cluster, WEB);
    await cluster.clock.advance(10_000);
    expect((await observed(cluster, WEB)).resources.cpuPercent).toBe(second.resources.cpuPercent);
  });

  it('asks each kubelet once a round', async () => {
    const cluster = createCluster();
    cluster.runtime.start();
    cluster.list();
    const ids = cluster.runtime.targets().map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(8);
    await cluster.runtime.observe(ids, cluster.clock.now());
    expect(cluster.calls).toEqual(['node-1']);
  });

  it('says why a node cannot be asked, for the node and for what runs there', async () => {
    const cluster = createCluster();
    cluster.runtime.start();
    cluster.list();
    cluster.answer(new KubeletError('forbidden', '403 Forbidden'));
    expect(await look(cluster, WEB)).toMatchObject({ kind: 'unreachable', reason: 'PermissionDenied' });
    expect(cluster.runtime.hosts()).toMatchObject([
      {
        host: 'node-1',
        runtime: 'kubelet',
        reachable: false,
        reason: 'PermissionDenied',
        message: 'kubelet: 403 Forbidden',
      },
    ]);
    cluster.answer('summary-020.json');
    await cluster.clock.advance(10_000);
    await look(cluster, WEB);
    expect(cluster.runtime.hosts()).toMatchObject([{ reachable: true, cpus: 2, engineVersion: 'v1.36.2' }]);
  });

  it('takes over what a node says anew, and forgets one that went', async () => {
    const cluster = createCluster();
    cluster.runtime.start();
    cluster.list();
    expect(cluster.runtime.hosts()).toMatchObject([{ host: 'node-1', reason: 'Starting' }]);
    cluster.tell.node({ metadata: { name: 'node-2' } }, false);
    expect(cluster.runtime.hosts().map(({ host }) => host)).toEqual(['node-1', 'node-2']);
    cluster.tell.node(recordedItems('nodes.json')[0], true);
    expect(cluster.runtime.hosts().map(({ host }) => host)).toEqual(['node-2']);
    expect(await look(cluster, WEB)).toMatchObject({ kind: 'unreachable', message: 'node node-1 is not known' });
  });

  it('has a node that is back since the look that found it, for that look saw what is on it', async () => {
    const cluster = createCluster();
    cluster.runtime.start();
    cluster.list();
    const askedAt = cluster.clock.now();
    const looking = cluster.runtime.observe([WEB], askedAt);
    await cluster.clock.advance(50);
    await looking;
    expect(cluster.runtime.hosts()).toMatchObject([{ reachable: true, since: askedAt }]);
  });

  it('calls back for a pod that changed, and forgets one that went', async () => {
    const cluster = createCluster();
    const changed: string[] = [];
    cluster.runtime.onChange((id) => changed.push(id));
    cluster.runtime.start();
    cluster.list();
    expect(cluster.runtime.targets().map(({ id }) => id)).toContain(WEB);
    const pod = recordedItems('pods.json').find((item) => JSON.stringify(item).includes('"web-57b69dcfdf-rc2gz"'));
    cluster.tell.pod(pod, true);
    expect(changed).toEqual([WEB]);
    expect(await look(cluster, WEB)).toMatchObject({
      state: 'missing',
      target: { namespace: 'shop', name: 'web/web' },
    });
  });
});
