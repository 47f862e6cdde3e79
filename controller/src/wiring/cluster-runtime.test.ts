import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../clock.ts';
import { startSimulatedKubelet } from '../collect/kubelet/simulated-kubelet.ts';
import { createSilentLog } from '../log.ts';
import { createClusterRuntime } from './cluster-runtime.ts';

const WEB = 'kind/shop/pod/web/0/main';
const now = (): string => new Date(systemClock.now()).toISOString();
const pod = {
  metadata: { name: 'web', namespace: 'shop', uid: 'uid', resourceVersion: '1' },
  spec: {
    nodeName: 'node-1',
    containers: [{ name: 'main', image: 'app:1', resources: { limits: { cpu: '1', memory: '100Mi' } } }],
  },
  status: {
    phase: 'Running',
    containerStatuses: [{ name: 'main', restartCount: 0, state: { running: { startedAt: '2026-01-13T09:00:00Z' } } }],
  },
};
const metrics = () => ({
  kind: 'PodMetricsList',
  metadata: {},
  items: [
    {
      metadata: { name: 'web', namespace: 'shop' },
      timestamp: now(),
      window: '15s',
      containers: [{ name: 'main', usage: { cpu: '250m', memory: '50Mi' } }],
    },
  ],
});

const podList = { kind: 'PodList', metadata: { resourceVersion: '5' }, items: [pod] };
const refused = { kind: 'Status', reason: 'Forbidden', code: 403, message: 'nodes is forbidden' };
const answers: readonly (readonly [string, number, () => object])[] = [
  ['/api/v1/nodes', 403, () => refused],
  ['/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods', 200, metrics],
  ['/api/v1/namespaces/shop/pods', 200, () => podList],
];

/** An API server for an account with rights in one namespace only: nodes are refused, and watches tell nothing. */
const apiServer: RequestListener = ({ url = '' }, response) => {
  const [, status = 404, body] = answers.find(([path]) => url.startsWith(path)) ?? [];
  response.writeHead(status).flushHeaders();
  if (!url.includes('watch=true')) response.end(JSON.stringify(body?.()));
};

it('reads pods of one namespace from metrics.k8s.io where nodes may not be listed, and says why', async () => {
  const server = await startSimulatedKubelet('localhost', apiServer);
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-one-namespace-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const certificate = Buffer.from(server.authority).toString('base64');
  const cluster = { server: `https://localhost:${server.port}`, 'certificate-authority-data': certificate };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token: 't' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  const runtime = createClusterRuntime(
    {
      name: 'kind',
      kubeconfig,
      namespace: 'shop',
      ownNamespace: 'shop',
      isKubeletUnverified: false,
      nodeSources: ['kubelet', 'kubelet-metrics', 'metrics-api'],
    },
    { clock: systemClock, log: createSilentLog() },
  );
  onTestFinished(async () => {
    await runtime.stop();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  runtime.start();
  await expect.poll(() => runtime.targets().map(({ id }) => id)).toEqual([WEB]);
  expect(await runtime.observe([WEB], systemClock.now())).toMatchObject([
    {
      kind: 'observed',
      state: 'running',
      resources: { cpuPercent: 25, memoryPercent: 50 },
      note: expect.stringMatching(/^read from metrics.k8s.io.*nodes may not be listed/),
    },
  ]);
  expect(runtime.hosts()).toMatchObject([{ host: 'node-1', reachable: true, source: 'metrics-api' }]);
});
