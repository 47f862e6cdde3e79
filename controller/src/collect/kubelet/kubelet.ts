import { Agent } from 'undici';
import type { NodeFacts } from './decode/node.ts';
import { decodeSummary, type Summary } from './decode/summary.ts';
import { classifyFailure, failureOfStatus, KubeletError } from './failure.ts';

/** How kubelets are trusted and how we show who we are. */
export interface KubeletAccess {
  /** Read anew for each call: the token of a service account is renewed every hour. */
  readonly token: () => Promise<string>;
  /** Authorities that sign the kubelets' serving certificates, PEM; read anew for each call, undefined: the system's. */
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
const KEEP_ALIVE_MS = 60_000;

export function createKubelets(access: KubeletAccess): Kubelets {
  let agent: { readonly dispatcher: Agent; readonly authorities: string | undefined } | undefined;

  /** One for all kubelets, until their authorities change. */
  function dispatcherFor(authorities: string | undefined): Agent {
    if (agent !== undefined && agent.authorities === authorities) return agent.dispatcher;
    void agent?.dispatcher.close();
    const dispatcher = new Agent({
      connections: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { ca: authorities, rejectUnauthorized: !access.insecure, timeout: CALL_TIMEOUT_MS },
      headersTimeout: CALL_TIMEOUT_MS,
      bodyTimeout: CALL_TIMEOUT_MS,
      maxResponseSize: MAX_BODY_BYTES,
    });
    agent = { dispatcher, authorities };
    return dispatcher;
  }

  async function ask({ kubelet }: NodeFacts, signal: AbortSignal): Promise<Summary> {
    if (kubelet === undefined) throw new KubeletError('HostUnreachable', 'the node has told no address');
    const [token, authorities] = await Promise.all([access.token(), access.authorities()]);
    const host = kubelet.address.includes(':') ? `[${kubelet.address}]` : kubelet.address;
    const answer = await dispatcherFor(authorities).request({
      origin: `https://${host}:${kubelet.port}`,
      path: '/stats/summary',
      method: 'GET',
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    if (answer.statusCode !== 200) throw failureOfStatus(answer.statusCode, await answer.body.text());
    const summary = decodeSummary(await answer.body.json());
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
      await agent?.dispatcher.destroy();
    },
  };
}
