import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, runCommand } from '../up/command.ts';
import { SetupError } from '../up/setup-error.ts';
import { nodesWithoutCertificate, requestsToApprove, type RequestList } from './certificates.ts';
import { CLUSTER, kind, kubectl } from './tools.ts';

/** The image of a node is 300 MB, over a slow line. */
const CREATE_TIMEOUT_MS = 15 * 60_000;
const LOAD_TIMEOUT_MS = 5 * 60_000;
/** A kubelet asks for its certificate within seconds of its start. */
const CERTIFICATE_TIMEOUT_MS = 2 * 60_000;
const POLL_EVERY_MS = 1000;
const ROLLOUT_TIMEOUT_S = 180;
const SHOWN_LINES = 12;

/** @throws SetupError with the way out when the image of the node cannot be had */
export async function createCluster(): Promise<void> {
  const image = process.env['KIND_NODE_IMAGE'];
  const parameters = ['create', 'cluster', '--config', 'kind-config.yaml', '--wait', '120s'];
  const { ok, output } = await runCommand('kind', [...parameters, ...(image ? ['--image', image] : [])], {
    timeoutMs: CREATE_TIMEOUT_MS,
  });
  if (ok) return;
  const isImageMissing = /failed to pull image|pull access denied|manifest unknown|no such host/i.test(output);
  throw new SetupError(
    `kind could not make the cluster:\n${lastLines(output, SHOWN_LINES)}`,
    isImageMissing
      ? 'the node image cannot be pulled here: docker load one that was saved elsewhere (docker save kindest/node:TAG), then KIND_NODE_IMAGE=kindest/node:TAG npm run kind:up'
      : 'npm run kind:down removes what is left of it; then try again',
  );
}

/** Waits until every kubelet has a certificate that the cluster's authority signed; nothing else approves them. */
export async function approveServingCertificates(): Promise<void> {
  const nodes = (await kubectl(['get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}'])).trim().split(' ');
  const deadline = performance.now() + CERTIFICATE_TIMEOUT_MS;
  for (;;) {
    const requests = JSON.parse(await kubectl(['get', 'csr', '-o', 'json'])) as RequestList;
    const waiting = requestsToApprove(requests, nodes);
    if (waiting.length > 0) await kubectl(['certificate', 'approve', ...waiting]);
    const missing = nodesWithoutCertificate(requests, nodes);
    if (missing.length === 0) return;
    if (performance.now() > deadline) {
      throw new SetupError(
        `The kubelet of ${missing.join(', ')} has no serving certificate.`,
        'kubectl get csr shows what was asked for; a cluster of another kind-config.yaml: npm run kind:down first',
      );
    }
    await sleep(POLL_EVERY_MS);
  }
}

export async function loadImages(images: readonly string[]): Promise<void> {
  await kind(['load', 'docker-image', ...images, '--name', CLUSTER], LOAD_TIMEOUT_MS);
}

/** Definitions first: an object of a kind that is not there yet is refused. */
export async function applyManifests(): Promise<void> {
  await kubectl(['apply', '--server-side', '-k', 'crds']);
  await kubectl(['wait', '--for=condition=Established', '--timeout=60s', '-f', 'crds']);
  await kubectl(['apply', '--server-side', '-k', 'manifests/overlays/kind']);
}

export interface Rollout {
  readonly namespace: string;
  /** `deployment/foghorn-controller`. */
  readonly workload: string;
}

/** Pods anew, for images under the same name that have changed. */
export async function restart(rollouts: readonly Rollout[]): Promise<void> {
  for (const { namespace, workload } of rollouts) await kubectl(['-n', namespace, 'rollout', 'restart', workload]);
}

export async function waitForRollouts(rollouts: readonly Rollout[]): Promise<void> {
  for (const { namespace, workload } of rollouts) {
    await kubectl(
      ['-n', namespace, 'rollout', 'status', workload, `--timeout=${ROLLOUT_TIMEOUT_S}s`],
      (ROLLOUT_TIMEOUT_S + 20) * 1000,
    );
  }
}
