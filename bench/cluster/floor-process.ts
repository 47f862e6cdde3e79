/**
 * What any reader of kubelets must pay, as metrics-server does: GET the summary of each node and parse it, round by
 * round. `node floor-process.ts CONTAINERS KUBELET_PORT AUTHORITY_FILE ROUNDS`; sends the CPU of the rounds, microseconds.
 */
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { get } from 'node:https';
import { DOMAIN, nodeAddress, sizeOf } from './payloads.ts';

const [, , containers, port, authorityFile = '', rounds] = process.argv;
const { nodes } = sizeOf(Number(containers));
const agent = new Agent({ keepAlive: true });
const ca = readFileSync(authorityFile, 'utf8');
/** As many at a time as the controller. */
const CALLS = 64;

function read(node: number): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const place = { host: nodeAddress(node), port: Number(port), path: '/stats/summary', servername: `n.${DOMAIN}` };
  get({ ...place, agent, ca }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    response.on('error', reject);
  }).on('error', reject);
  return promise;
}

async function round(): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let node = next++; node < nodes; node = next++) await read(node);
  };
  await Promise.all(Array.from({ length: CALLS }, work));
}

await round();
const before = process.cpuUsage();
for (let n = 0; n < Number(rounds); n += 1) await round();
const { user, system } = process.cpuUsage(before);
process.send?.(user + system);
agent.destroy();
process.disconnect();
