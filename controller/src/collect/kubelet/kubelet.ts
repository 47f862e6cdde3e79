import { Agent, Client } from 'undici';
import type { NodeFacts } from './decode/node.ts';
import { decodeSummary, type Summary } from './decode/summary.ts';
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

export interface Kubelets {
  /** Asks the kubelet of a node what its containers use. Rejects with a KubeletError. */
  summary(node: NodeFacts, signal: AbortSignal): Promise<Summary>;
  close(): Promise<void>;
}

/** A kubelet answers in 30 ms; metrics-server gives it 10 s as well. */
const CALL_TIMEOUT_MS = 10_000;
/** About 100 times the summary of a node with 110 pods without volumes. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** Longer than the usual interval, so that a round finds its connections open. */
const KEEP_ALIVE_MS = 90_000;

interface Connections {
  readonly agent: Agent;
  readonly authorities: string | undefined;
}

export function createKubelets(access: KubeletAccess): Kubelets {
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

  async function ask({ name, kubelet }: NodeFacts, signal: AbortSignal): Promise<Summary> {
    if (kubelet === undefined) throw new KubeletError('HostUnreachable', 'the node has told no address');
    const [token, authorities] = await Promise.all([access.token(), access.authorities()]);
    const { origin } = new URL(`https://${bracketed(kubelet.address)}:${kubelet.port}`);
    nodeNames.set(origin, name);
    const answer = await connect(authorities).request({
      origin,
      path: '/stats/summary',
      method: 'GET',
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    if (answer.statusCode !== 200) throw failureOfStatus(answer.statusCode, await answer.body.text());
    const summary = decodeSummary(parseJson(await answer.body.text()));
    if (summary === undefined) throw new KubeletError('BadAnswer', 'what it answers is no summary');
    return summary;
  }

  return {
    async summary(node, signal) {
      try {
        return await ask(node, AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]));
      } catch (error) {
        throw classifyFailure(error);
      }
    },
    close: async () => {
      await connections?.agent.destroy();
    },
  };
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new KubeletError('BadAnswer', 'what it answers is no JSON', { cause: error });
  }
}
