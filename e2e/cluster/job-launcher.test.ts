import { once } from 'node:events';
import { createServer } from 'node:http';
import { systemClock } from '../../controller/src/clock.ts';
import { createClusterClient } from '../../controller/src/kube/cluster.ts';
import { createJobLauncher } from '../../controller/src/loadtest/job/launcher.ts';
import { testLauncher } from '../../controller/src/loadtest/launcher-contract.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { createJobCluster } from '../../controller/src/wiring/job-cluster.ts';
import { portOf } from '../email/fake-ses.ts';
import { until } from '../until.ts';
import { jobs, pods, startSimulatedCluster } from './simulated-cluster.ts';
import { createSimulatedLogs, startSimulatedJobs } from './simulated-jobs.ts';

const WAIT_MS = 60_000;

async function openWorld() {
  const logs = createSimulatedLogs();
  const cluster = await startSimulatedCluster(logs.podLogs);
  const simulation = startSimulatedJobs(cluster.client, logs);
  const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const open = () => {
    const client = createClusterClient({ kubeconfig: cluster.kubeconfig, clock: systemClock, log: createSilentLog() });
    return createJobLauncher({ cluster: createJobCluster(client), image: 'foghorn-loadgen', clock: systemClock });
  };
  return {
    cluster,
    simulation,
    open,
    url: `http://127.0.0.1:${portOf(server.address())}`,
    async close() {
      await until('no process and no pod is left', WAIT_MS, async () => {
        const left = (await cluster.client.list(pods)).items.length + (await cluster.client.list(jobs)).items.length;
        return simulation.running() + left === 0 ? true : undefined;
      });
      await simulation.stop();
      await cluster.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

testLauncher('job', openWorld);
