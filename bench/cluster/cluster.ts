import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf, endForked } from '../forked.ts';
import type { ClusterPlace, ClusterTraffic } from './cluster-process.ts';
import { DOMAIN } from './payloads.ts';

export interface Cluster {
  readonly kubeconfig: string;
  readonly kubeletAuthorityFile: string;
  readonly kubeletPort: number;
  /** What was asked since the start; resets the count of nodes. */
  traffic(): Promise<ClusterTraffic>;
  stop(): Promise<void>;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** @param folder where the files that tell of it are put */
export async function startCluster(
  { containers, intervalSeconds }: { readonly containers: number; readonly intervalSeconds: number },
  folder: string,
): Promise<Cluster> {
  const child = fork(join(import.meta.dirname, 'cluster-process.ts'), [String(containers), String(intervalSeconds)]);
  const place = await answerOf<ClusterPlace>(child);
  const kubeconfig = join(folder, 'kubeconfig');
  const cluster = {
    server: `https://127.0.0.1:${place.apiPort}`,
    'certificate-authority-data': base64(place.apiAuthority),
    'tls-server-name': `api.${DOMAIN}`,
  };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'bench',
      clusters: [{ name: 'bench', cluster }],
      users: [{ name: 'bench', user: { token: 'bench' } }],
      contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    }),
  );
  const kubeletAuthorityFile = join(folder, 'kubelet-ca.pem');
  writeFileSync(kubeletAuthorityFile, place.kubeletAuthority);
  return {
    kubeconfig,
    kubeletAuthorityFile,
    kubeletPort: place.kubeletPort,
    traffic() {
      const answer = answerOf<ClusterTraffic>(child);
      child.send('traffic');
      return answer;
    },
    stop: () => endForked(child),
  };
}
