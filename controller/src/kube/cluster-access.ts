import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { FoghornError, errorMessage } from '../errors.ts';

/** Where the API server is and how to show who calls; made anew for each call, since tokens and certificates change. */
export interface Access {
  readonly origin: string;
  /** Before every path, without a slash at the end: some servers hold many clusters. */
  readonly basePath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>;
}

export interface AccessSource {
  readonly server: string;
  /** The server's certificate is not checked, as the kubeconfig wants it. */
  readonly isUnverified: boolean;
  current(): Promise<Access>;
}

/** From a kubeconfig file, or as the service account of the pod. Throws InvalidConfig for one that cannot be used. */
export function loadAccess(kubeconfig: string): AccessSource {
  const config = new KubeConfig();
  try {
    if (kubeconfig === 'in-cluster') config.loadFromCluster();
    else config.loadFromFile(kubeconfig);
  } catch (thrown) {
    throw unusable(kubeconfig, errorMessage(thrown), thrown);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw unusable(kubeconfig, 'its current context names no cluster');
  if (kubeconfig === 'in-cluster' && process.env['KUBERNETES_SERVICE_HOST'] === undefined) {
    throw unusable(kubeconfig, 'KUBERNETES_SERVICE_HOST is not set: this is no pod');
  }
  const url = URL.parse(cluster.server);
  if (url?.protocol !== 'https:') throw unusable(kubeconfig, 'the server must be an https address');
  if (cluster.proxyUrl !== undefined) throw unusable(kubeconfig, 'a proxy-url is not supported');
  const place = { origin: url.origin, basePath: url.pathname.replace(/\/+$/, '') };
  return {
    server: url.host,
    isUnverified: cluster.skipTLSVerify,
    current: async () => ({ ...place, ...(await credentialsOf(config)) }),
  };
}

/** Reads files and runs the kubeconfig's command for a token, as far as what is known has grown old. */
async function credentialsOf(config: KubeConfig): Promise<Pick<Access, 'headers' | 'tls'>> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (thrown) {
    throw new FoghornError('Unavailable', `no credentials for the cluster: ${errorMessage(thrown)}`, { cause: thrown });
  }
  const { ca, cert, key, servername, rejectUnauthorized, auth } = options;
  const given = Object.entries(options.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value).trim(),
  ]);
  const basic = typeof auth === 'string' ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {};
  return {
    headers: { ...basic, ...Object.fromEntries(given) },
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(servername === undefined ? {} : { servername }),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    },
  };
}

function unusable(kubeconfig: string, why: string, cause?: unknown): FoghornError {
  return new FoghornError('InvalidConfig', `kubeconfig ${kubeconfig}: ${why}`, { cause });
}
