import { createServer } from 'node:https';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../clock.ts';
import { createFakeClock } from '../../fake-clock.ts';
import { FoghornError } from '../../errors.ts';
import { createKubeletCalls, type KubeletAccess } from './calls.ts';
import type { NodeFacts } from './decode/node.ts';
import { createKubelets, findSample, type Kubelets, type KubeletsDeps, type Summary } from './kubelet.ts';
import { createMetricsApi } from './metrics-api.ts';
import { recordedText } from './recorded.ts';
import { kubeletListener, type KubeletMood } from './simulated-faults.ts';
import { startSimulatedKubelet, type SimulatedCertificate, type SimulatedKubelet } from './simulated-kubelet.ts';

const web = { namespace: 'shop', name: 'web-57b69dcfdf-rc2gz' };
const recorded = {
  summary: () => recordedText('summary-020.json'),
  metrics: () => recordedText('metrics-resource-020.txt'),
};
const podMetrics = {
  items: [
    {
      metadata: web,
      timestamp: '2026-11-22T16:53:50Z',
      containers: [{ name: 'web', usage: { cpu: '200m', memory: '404Ki' } }],
    },
  ],
};

describe('a kubelet', () => {
  let server: SimulatedKubelet;
  let kubelets: Kubelets;
  let mood: KubeletMood;
  let skewMs: number;
  let authority: string | undefined;
  let usual: string;
  const asked: string[] = [];
  const tokens: string[] = [];

  beforeAll(async () => {
    const answer = kubeletListener(recorded, { mood: () => mood, now: systemClock.now, skewMs: () => skewMs });
    server = await startSimulatedKubelet('node-1', (request, response) => {
      asked.push(request.url ?? '');
      tokens.push(request.headers.authorization ?? '');
      answer(request, response);
    });
    usual = server.authority;
  });
  beforeEach(() => {
    [mood, skewMs, authority] = ['well', 0, usual];
    asked.length = 0;
    tokens.length = 0;
    create();
  });
  afterEach(() => kubelets.close());
  afterAll(() => server.close());

  function create(overrides: Partial<KubeletAccess> = {}, deps: Partial<KubeletsDeps> = {}): void {
    const access = { token: async () => 'good', authorities: async () => authority, insecure: false, ...overrides };
    kubelets = createKubelets({ calls: createKubeletCalls(access, systemClock), clock: systemClock, ...deps });
  }

  /** For the rest of the test. */
  function show(certificate: SimulatedCertificate): string {
    onTestFinished(() => {
      usual = server.rotate({ nodeName: 'node-1' });
    });
    return server.rotate(certificate);
  }

  interface Asking {
    readonly signal?: AbortSignal;
    readonly port?: number;
  }

  function ask({ signal = new AbortController().signal, port = server.port }: Asking = {}): Promise<Summary> {
    const node: NodeFacts = {
      name: 'node-1',
      kubelet: { address: '127.0.0.1', port },
      size: { cpus: 2, memoryBytes: 1 },
      kubeletVersion: 'v1.36.2',
      isReady: true,
      notReady: '',
    };
    return kubelets.summary(node, signal);
  }

  it('tells what containers use, under a certificate that names the node and not its address', async () => {
    const summary = await ask();
    expect(findSample(summary, web, 'web')).toMatchObject({
      cpuNs: 15_519_866_039,
      memoryBytes: 413_696,
      receivedBytes: 15_268,
    });
    expect(summary).toMatchObject({ source: 'kubelet' });
    expect(summary.note).toBeUndefined();
    expect(asked).toEqual(['/stats/summary']);
  });

  it('is shown the token of now with each call', async () => {
    const given = ['one', 'two'];
    create({ token: async () => given.shift() ?? '' });
    await ask();
    await ask();
    expect(tokens).toEqual(['Bearer one', 'Bearer two']);
  });

  it.each<[KubeletMood, string, RegExp, readonly string[]]>([
    ['unauthorized', 'unauthorized', /^401 Unauthorized: .*token/, ['/stats/summary']],
    ['forbidden', 'forbidden', /^403 Forbidden \(user=.*nodes\/stats/, ['/stats/summary', '/metrics/resource']],
    ['notServed', 'notServed', /^404/, ['/stats/summary', '/metrics/resource']],
    ['garbage', 'garbage', /no JSON/, ['/stats/summary', '/metrics/resource']],
    ['truncated', 'reset', /.+/, ['/stats/summary']],
    ['oversized', 'tooLarge', /too large/, ['/stats/summary', '/metrics/resource']],
    ['reset', 'reset', /.+/, ['/stats/summary', '/stats/summary']],
  ])('that is %s is told as %s, and its other path asked where that can help', async (is, fault, message, paths) => {
    mood = is;
    await expect(ask()).rejects.toMatchObject({ fault, message: expect.stringMatching(message) });
    expect(asked).toEqual(paths);
  });

  it('that refuses its summary tells of CPU and memory by its other path, and says what is lost', async () => {
    mood = 'summaryForbidden';
    const summary = await ask();
    expect(summary).toMatchObject({
      source: 'kubelet-metrics',
      note: expect.stringMatching(/^read from \/metrics\/resource, without network; .*403.*nodes\/stats/),
    });
    expect(findSample(summary, web, 'web')).toMatchObject({ cpuNs: 15_519_866_039, memoryBytes: 413_696 });
    await ask();
    expect(asked).toEqual(['/stats/summary', '/metrics/resource', '/metrics/resource']);
  });

  it('is asked for its summary again when a while has passed', async () => {
    const clock = createFakeClock();
    const access = { token: async () => 'good', authorities: async () => authority, insecure: false };
    kubelets = createKubelets({ calls: createKubeletCalls(access, clock), clock });
    mood = 'summaryForbidden';
    await ask();
    mood = 'well';
    clock.jump(29_000);
    expect((await ask()).source).toBe('kubelet-metrics');
    clock.jump(1000);
    expect((await ask()).source).toBe('kubelet');
  });

  it.each<[KubeletMood]>([['unauthorized'], ['reset'], ['forbidden']])(
    'that is %s leaves metrics.k8s.io, asked once for all nodes',
    async (is) => {
      let lists = 0;
      const list = async (): Promise<unknown> => {
        lists += 1;
        return podMetrics;
      };
      create({}, { metricsApi: createMetricsApi({ list, clock: systemClock }) });
      mood = is;
      const [first] = await Promise.all([ask(), ask()]);
      expect(first).toMatchObject({ source: 'metrics-api', note: expect.stringContaining('/stats/summary: ') });
      expect(findSample(first, web, 'web')).toMatchObject({ cpuCores: 0.2, memoryBytes: 413_696 });
      expect(lists).toBe(1);
    },
  );

  it.each([
    ['not served', async (): Promise<unknown> => undefined],
    ['refused', () => Promise.reject(new FoghornError('Forbidden', 'pods.metrics.k8s.io is forbidden'))],
    ['away', () => Promise.reject(new FoghornError('Unavailable', 'no endpoints'))],
    ['no list', async (): Promise<unknown> => ({})],
  ])('is what is to be mended when metrics.k8s.io is %s', async (_name, list) => {
    create({}, { metricsApi: createMetricsApi({ list, clock: systemClock }) });
    mood = 'unauthorized';
    await expect(ask()).rejects.toMatchObject({ fault: 'unauthorized' });
  });

  it('is not asked at all where only metrics.k8s.io may be', async () => {
    const metricsApi = createMetricsApi({ list: async () => podMetrics, clock: systemClock });
    create({}, { metricsApi, sources: ['metrics-api'] });
    expect((await ask()).source).toBe('metrics-api');
    expect(asked).toEqual([]);
  });

  it('is not trusted under a certificate of somebody else, and says what to do', async () => {
    authority = undefined;
    await expect(ask()).rejects.toMatchObject({
      fault: 'authority',
      message: expect.stringMatching(/certificate.*KUBELET_CA_FILE/),
    });
    expect(tokens).toEqual([]);
  });

  it('is trusted unseen where that is asked for', async () => {
    authority = undefined;
    create({ insecure: true });
    expect(findSample(await ask(), web, 'web')).toMatchObject({ memoryBytes: 413_696 });
  });

  it.each([
    ['has expired', { nodeName: 'node-1', days: -1 }, 'expired'],
    ['is of another node', { nodeName: 'node-2' }, 'name'],
  ] as const)('whose certificate %s is not shown the token', async (_name, certificate, fault) => {
    authority = show(certificate);
    await expect(ask()).rejects.toMatchObject({ fault });
    expect(tokens).toEqual([]);
  });

  it('whose certificate another authority signs now is trusted as soon as that is known', async () => {
    const known = show({ nodeName: 'node-1' });
    authority = known;
    await ask();
    const next = server.rotate({ nodeName: 'node-1' });
    await ask();
    server.dropConnections();
    await expect(ask()).rejects.toMatchObject({ fault: 'authority' });
    authority = `${known}${next}`;
    expect((await ask()).source).toBe('kubelet');
  });

  it('that has no certificate yet says that its request waits', async () => {
    const bare = createServer().listen(0, '127.0.0.1');
    await once(bare, 'listening');
    const address = bare.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    onTestFinished(() => void bare.close());
    await expect(ask({ port })).rejects.toMatchObject({ fault: 'uncertified' });
  });

  it('that does not answer is given up when the round ends', async () => {
    mood = 'silent';
    await expect(ask({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ fault: 'timeout' });
  });

  it.each([0, 90_000, -90_000])('tells how far its clock is ahead: %i ms', async (ahead) => {
    skewMs = ahead;
    const summary = await ask();
    expect(Math.abs((summary.skewMs ?? Number.NaN) - ahead)).toBeLessThan(30_000);
    expect(Math.abs(summary.clockMs - systemClock.now() - ahead)).toBeLessThan(30_000);
  });
});
