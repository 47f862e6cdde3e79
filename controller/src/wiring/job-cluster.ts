import type { Resource } from '../kube/client.ts';
import type { ClusterClient } from '../kube/cluster.ts';
import type { JobCluster } from '../loadtest/job/cluster.ts';

const jobs: Resource = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true };
const pods: Resource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };

/** What the launcher of load generators asks of a cluster, by its API. Closing it closes the client. */
export function createJobCluster(client: ClusterClient): JobCluster {
  return {
    createJob: async (job) => void (await client.create(jobs, job)),
    listJobs: async (labelSelector) => (await client.list(jobs, { labelSelector })).items,
    listPods: async (namespace, labelSelector) => (await client.list(pods, { namespace, labelSelector })).items,
    patchJob: async (namespace, name, change) => void (await client.patch(jobs, namespace, name, change)),
    patchPod: async (namespace, name, change) => void (await client.patch(pods, namespace, name, change)),
    deleteJob: (namespace, name) => client.deleteInBackground(jobs, namespace, name),
    podLog: (namespace, name, range) => client.podLog({ namespace, name }, range),
    close: client.close,
  };
}
