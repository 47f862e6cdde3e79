import { Agent, Client, type Dispatcher } from 'undici';
import type { Clock } from '../../clock.ts';
import type { NodeFacts } from './decode/node.ts';
import { classifyFailure, failureOfStatus, KubeletError } from './failure.ts';

/** How kubelets are trusted and how we show who we are. */
export interface KubeletAccess {
  /** Asked for each call: the token of a service account is renewed every hour. */
  readonly token: () => Promise<string>;
  /** Authorities that sign the kubelets' serving certificates, PEM; asked for each call. Undefined: the system's. */
  readonly authorities: () => Promise<string | undefined>;
  /** The certificate is not checked. Whoever sits between can then read the token. */
  readonly insecure: boolean;
}

export interface KubeletRequest {
  readonly path: '/stats/summary' | '/metrics/resource';
  /** What the account needs get on, for the message when it lacks it. */
  readonly right: 'nodes/stats' | 'nodes/metrics';
}

export interface KubeletAnswer {
  readonly body: string;
  /** When it was answered by the kubelet's clock, to a second; our own clock where it does not tell. */
  readonly clockMs: number;
  /** How far its clock is ahead of ours; undefined when the call took too long to tell, or it did not say. */
  readonly skewMs?: number | undefined;
}

/** HTTPS to kubelets. */
export interface KubeletCalls {
  /** Rejects with whatever went wrong. */
  get(node: NodeFacts, request: KubeletRequest, signal: AbortSignal): Promise<KubeletAnswer>;
  close(): Promise<void>;
}

/** A kubelet answers in 30 ms; metrics-server gives it 10 s as well. */
export const CALL_TIMEOUT_MS = 10_000;
/** About 100 times the summary of a node with 110 pods without volumes. */
export const MAX_BODY_BYTES: number = 64 * 1024 * 1024;
/** Longer than the usual interval, so that a round finds its connections open. */
const KEEP_ALIVE_MS = 90_000;
/** The header Date has whole seconds: on the average it is half a second ago. */
const DATE_LAG_MS = 500;
/** A call that takes longer tells too little of the other's clock. */
const MAX_SKEW_CALL_MS = 2000;

const NO_ADDRESS =
  'its address is not known: the node has told none, or nodes may not be listed (list and watch on nodes)';

interface Connections {
  readonly agent: Agent;
  readonly authorities: string | undefined;
}

export function createKubeletCalls(access: KubeletAccess, clock: Clock): KubeletCalls {
  /** By origin: a kubelet's certificate names its node, mostly without the address. */
  const nodeNames = new Map<string, string>();
  let connections: Connections | undefined;

  function connect(authorities: string | undefined): Agent {
    if (connections !== undefined && connections.authorities === authorities) return connections.agent;
    void connections?.agent.close();
    const agent = new Agent({
      factory: (origin) =>
        new Client(origin, {
          connect: {
            ca: authorities,
            servername: nodeNames.get(String(origin)) ?? '',
            rejectUnauthorized: !access.insecure,
            timeout: CALL_TIMEOUT_MS,
          },
          keepAliveTimeout: KEEP_ALIVE_MS,
          maxResponseSize: MAX_BODY_BYTES,
        }),
    });
    connections = { agent, authorities };
    return agent;
  }

  return {
    async get({ name, kubelet }, { path, right }, signal) {
      if (kubelet === undefined) throw new KubeletError('noRoute', NO_ADDRESS);
      const [token, authorities] = await Promise.all([access.token(), access.authorities()]);
      const { origin } = new URL(`https://${bracketed(kubelet.address)}:${kubelet.port}`);
      nodeNames.set(origin, name);
      const askedAt = clock.now();
      const agent = connect(authorities);
      const headers = { authorization: `Bearer ${token}` };
      const answer = await onLiveConnection(() => agent.request({ origin, path, method: 'GET', headers, signal }));
      const times = timesOf(answer.headers['date'], askedAt, clock.now());
      const body = await answer.body.text();
      if (answer.statusCode !== 200) throw failureOfStatus(answer.statusCode, body, right);
      return { body, ...times };
    },
    close: async () => {
      await connections?.agent.destroy();
    },
  };
}

/** A connection that was kept open may have been closed from there just now, as by a restart: then once more, on a new one. */
async function onLiveConnection(request: () => Promise<Dispatcher.ResponseData>): Promise<Dispatcher.ResponseData> {
  try {
    return await request();
  } catch (thrown) {
    if (classifyFailure(thrown).fault !== 'reset') throw thrown;
    return request();
  }
}

function timesOf(
  date: string | readonly string[] | undefined,
  askedAt: number,
  answeredAt: number,
): Pick<KubeletAnswer, 'clockMs' | 'skewMs'> {
  const told = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(told)) return { clockMs: answeredAt };
  const clockMs = told + DATE_LAG_MS;
  if (answeredAt - askedAt > MAX_SKEW_CALL_MS) return { clockMs };
  return { clockMs, skewMs: clockMs - (askedAt + answeredAt) / 2 };
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
