import { errorMessage, isFoghornError } from '../errors.ts';
import type { Resource, ResourceClient } from '../kube/client.ts';
import type { ClusterClient } from '../kube/cluster.ts';
import type { JobCluster } from '../loadtest/job/cluster.ts';
import { decodeService, type FindService } from '../loadtest/service.ts';
import type { Log } from '../log.ts';

const jobs: Resource = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true };
const pods: Resource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const services: Resource = { group: '', version: 'v1', plural: 'services', kind: 'Service', namespaced: true };

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

/** Services of a cluster; without the right to read them none is known. */
export function createServiceFinder(client: Pick<ResourceClient, 'get'>, log: Log): FindService {
  let isTold = false;
  return async (namespace, name) => {
    try {
      const found = await client.get(services, namespace, name);
      return found && decodeService(namespace, found.spec);
    } catch (error) {
      if (!isFoghornError(error, 'Forbidden')) throw error;
      if (!isTold) log.warn({ namespace }, `a Service cannot be known to load tests: ${errorMessage(error)}`);
      isTold = true;
      return undefined;
    }
  };
}
