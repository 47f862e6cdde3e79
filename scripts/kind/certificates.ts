/** Which requests for serving certificates of kubelets are to be approved, of what `kubectl get csr -o json` lists. */

export interface RequestList {
  readonly items: readonly CertificateRequest[];
}

interface CertificateRequest {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly signerName: string;
    readonly username?: string;
    readonly groups?: readonly string[];
  };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string }[];
    readonly certificate?: string;
  };
}

const SERVING_SIGNER = 'kubernetes.io/kubelet-serving';

/** Only what a known node asks for itself; that it asks for its own names the signer checks. */
export function requestsToApprove({ items }: RequestList, nodes: readonly string[]): readonly string[] {
  return items
    .filter((request) => isServing(request, nodes) && (request.status?.conditions ?? []).length === 0)
    .map(({ metadata }) => metadata.name);
}

/** Nodes whose kubelet has no certificate yet. */
export function nodesWithoutCertificate({ items }: RequestList, nodes: readonly string[]): readonly string[] {
  const served = items
    .filter((request) => isServing(request, nodes) && request.status?.certificate !== undefined)
    .map(({ spec }) => spec.username);
  return nodes.filter((node) => !served.includes(`system:node:${node}`));
}

function isServing({ spec }: CertificateRequest, nodes: readonly string[]): boolean {
  return (
    spec.signerName === SERVING_SIGNER &&
    nodes.some((node) => spec.username === `system:node:${node}`) &&
    spec.groups?.includes('system:nodes') === true
  );
}
