/**
 * The simulated cluster, a process of its own: an API server and the kubelets of all nodes, each on a loopback address of
 * its own. `node cluster-process.ts CONTAINERS INTERVAL_SECONDS`, with a channel to its parent.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { loadKinds } from '../../controller/src/apiserver/kinds.ts';
import { startSimulatedKubelet } from '../../controller/src/collect/kubelet/simulated-kubelet.ts';
import { createApiServer, type Traffic } from './api-server.ts';
import { DOMAIN, nodeOfAddress, sizeOf, summaryJson } from './payloads.ts';

export interface ClusterPlace {
  readonly apiPort: number;
  readonly apiAuthority: string;
  readonly kubeletPort: number;
  readonly kubeletAuthority: string;
}

/** Since the start. */
export interface ClusterTraffic {
  readonly api: Traffic;
  readonly kubelets: Traffic;
  /** Since the last question: how often the most and the least asked node was, and how long into a round the last was asked. */
  readonly mostOften: number;
  readonly leastOften: number;
  readonly lastAskedMs: number;
}

/** Of all containers in a minute; an unquiet cluster. */
const RESTARTED_PER_MINUTE = 0.001;
const NODE_REPORTS_EVERY_MS = 300_000;

const [, , containers, interval] = process.argv;
const { nodes, pods } = sizeOf(Number(containers));
const intervalMs = Number(interval) * 1000;
const kubelets: Traffic = { requests: 0, bytes: 0 };
let asked = new Map<number, number>();
/** The round of the last question to each node. */
const rounds = new Map<number, number>();
let lastAskedMs = 0;

function answerAsKubelet(request: IncomingMessage, response: ServerResponse): void {
  const node = nodeOfAddress(request.socket.localAddress ?? '');
  const body = Buffer.from(summaryJson(node, Date.now()));
  // more questions in one round are about what happened to a container
  const round = Math.floor(Date.now() / intervalMs);
  if (rounds.get(node) !== round) {
    rounds.set(node, round);
    asked.set(node, (asked.get(node) ?? 0) + 1);
    lastAskedMs = Math.max(lastAskedMs, Date.now() - round * intervalMs);
  }
  kubelets.requests += 1;
  kubelets.bytes += body.length;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

const kubelet = await startSimulatedKubelet(`*.${DOMAIN}`, answerAsKubelet, '0.0.0.0');
const kinds = await loadKinds(join(import.meta.dirname, '../../crds'));
const api = createApiServer({ nodes, pods, kubeletPort: kubelet.port, kinds });
const server = await startSimulatedKubelet(`*.${DOMAIN}`, api.listener);

let next = 0;
setInterval(() => api.restart((next += 7919) % pods), 60_000 / (pods * RESTARTED_PER_MINUTE));
setInterval(() => api.report((next += 1) % nodes), NODE_REPORTS_EVERY_MS / nodes);

process.on('disconnect', () => process.exit(0));
process.on('message', () => {
  const counts = [...asked.values()];
  const traffic: ClusterTraffic = {
    api: api.traffic,
    kubelets,
    mostOften: Math.max(0, ...counts),
    leastOften: counts.length < nodes ? 0 : Math.min(...counts),
    lastAskedMs,
  };
  asked = new Map();
  lastAskedMs = 0;
  process.send?.(traffic);
});
const place: ClusterPlace = {
  apiPort: server.port,
  apiAuthority: server.authority,
  kubeletPort: kubelet.port,
  kubeletAuthority: kubelet.authority,
};
process.send?.(place);
