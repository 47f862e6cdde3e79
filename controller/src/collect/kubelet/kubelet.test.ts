import type { RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NodeFacts } from './decode/node.ts';
import { createFakeClock } from '../../fake-clock.ts';
import { createKubeletCalls, type KubeletAccess } from './calls.ts';
import { createKubelets, findSample, type Kubelets } from './kubelet.ts';
import { recordedJson } from './recorded.ts';
import { startSimulatedKubelet, type SimulatedKubelet } from './simulated-kubelet.ts';

const web = { namespace: 'shop', name: 'web-57b69dcfdf-rc2gz' };
const FORBIDDEN =
  'Forbidden (user=system:serviceaccount:monitoring:no-rights, verb=get, resource=nodes, subresource(s)=[stats])\n';

const systemAuthorities = async (): Promise<undefined> => undefined;

/** Answers as the recorded kubelet did, and as no kubelet should. */
const answers: Readonly<Record<string, RequestListener>> = {
  'Bearer good': (_request, response) => response.end(JSON.stringify(recordedJson('summary-020.json'))),
  'Bearer rightless': (_request, response) => response.writeHead(403).end(FORBIDDEN),
  'Bearer garbled': (_request, response) => response.end('{"pods": '),
  'Bearer other': (_request, response) => response.end('{"kind":"Status"}'),
  'Bearer reset': (request) => request.socket.destroy(),
  'Bearer silent': () => undefined,
};

describe('a kubelet', () => {
  let server: SimulatedKubelet;
  let kubelets: Kubelets | undefined;
  const asked: (string | undefined)[] = [];

  beforeAll(async () => {
    server = await startSimulatedKubelet('node-1', (request, response) => {
      asked.push(request.url);
      const answer = answers[request.headers.authorization ?? ''];
      if (answer === undefined) response.writeHead(401).end('Unauthorized');
      else answer(request, response);
    });
  });
  afterEach(() => kubelets?.close());
  afterAll(() => server.close());

  function ask(token: string, overrides: Partial<KubeletAccess> = {}, signal?: AbortSignal): Promise<unknown> {
    const access = { token: async () => token, authorities: async () => server.authority, insecure: false };
    const clock = createFakeClock();
    kubelets = createKubelets({ calls: createKubeletCalls({ ...access, ...overrides }, clock), clock });
    const node: NodeFacts = {
      name: 'node-1',
      kubelet: { address: '127.0.0.1', port: server.port },
      size: { cpus: 2, memoryBytes: 1 },
      kubeletVersion: 'v1.36.2',
      isReady: true,
      notReady: '',
    };
    const end = signal ?? new AbortController().signal;
    return kubelets.summary(node, end).then((summary) => findSample(summary, web, 'web'));
  }

  it('tells what containers use, under a certificate that names the node and not its address', async () => {
    expect(await ask('good')).toMatchObject({ cpuNs: 15_519_866_039, memoryBytes: 413_696, receivedBytes: 15_268 });
    expect(asked).toEqual(['/stats/summary']);
  });

  it.each([
    ['bad', 'unauthorized', /^401 Unauthorized: .*token/],
    ['rightless', 'forbidden', /^403 Forbidden \(user=.*nodes\/stats/],
    ['garbled', 'garbage', /no JSON/],
    ['other', 'garbage', /no summary/],
    ['reset', 'reset', /.+/],
  ])('asked with a token that is %s, is %s', async (token, fault, message) => {
    await expect(ask(token)).rejects.toMatchObject({ fault, message: expect.stringMatching(message) });
  });

  it('is not trusted under a certificate of somebody else, and says what to do', async () => {
    await expect(ask('good', { authorities: systemAuthorities })).rejects.toMatchObject({
      fault: 'authority',
      message: expect.stringMatching(/certificate.*KUBELET_CA_FILE/),
    });
  });

  it('is trusted unseen where that is asked for', async () => {
    expect(await ask('good', { authorities: systemAuthorities, insecure: true })).toMatchObject({
      memoryBytes: 413_696,
    });
  });

  it('that does not answer is given up when the round ends', async () => {
    await expect(ask('silent', {}, AbortSignal.timeout(50))).rejects.toMatchObject({ fault: 'timeout' });
  });
});
