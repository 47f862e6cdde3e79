/** A simulated cluster as a process of its own: prints where its kubeconfig is, and goes when its input ends. */
import { once } from 'node:events';
import { startSimulatedCluster } from './simulated-cluster.ts';
import { startSimulatedDeployments } from './simulated-deployments.ts';

const cluster = await startSimulatedCluster();
const simulation = startSimulatedDeployments(cluster);
const { kubeconfig, kubeletAuthorityFile } = cluster;
process.stdout.write(`${JSON.stringify({ kubeconfig, kubeletAuthorityFile })}\n`);
process.stdin.resume();
await once(process.stdin, 'end');
await simulation.stop();
await cluster.close();
