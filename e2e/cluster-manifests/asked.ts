import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../controller/src/clock.ts';
import { loadConfig } from '../../controller/src/config.ts';
import { freePort } from '../../controller/src/free-port.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import type { App } from '../../controller/src/wiring/app.ts';
import { createReplica } from '../../controller/src/wiring/replica.ts';
import type { SimulatedCluster } from '../cluster/simulated-cluster.ts';
import { startFakeSes } from '../email/fake-ses.ts';
import { rightFor, rightText, type Right } from './rights.ts';

/** Of the controller. */
export const OWN_NAMESPACE = 'foghorn';
const root = join(import.meta.dirname, '../..');

/** Rights that were asked for, by their text. */
export type Asked = ReadonlyMap<string, Right>;

/** What the simulation asks in this process goes to another name of the server. */
const OWN_NAME = 'localhost';

/** Runs a replica in this process until that is so. @returns what it asked the API server for */
export async function watch(
  cluster: SimulatedCluster,
  isSo: (asked: Asked, mails: readonly unknown[]) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): Promise<readonly Right[]> {
  const asked = new Map<string, Right>();
  const note = (message: unknown): void => {
    const { origin, method, path } = (message as { readonly request: Readonly<Record<string, string>> }).request;
    if (method === undefined || path === undefined || !/^\/apis?\//.test(path)) return;
    if (new URL(String(origin)).hostname !== OWN_NAME) return;
    const right = rightFor(method, path);
    asked.set(rightText(right), right);
  };
  const ses = await startFakeSes();
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-rights-'));
  subscribe('undici:request:create', note);
  const app = await openApp(cluster, folder, { ...settings, AWS_ENDPOINT_URL_SES: ses.url });
  try {
    await app.start();
    await isSo(asked, ses.accepted);
  } finally {
    await app.stop();
    unsubscribe('undici:request:create', note);
    await ses.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return [...asked.values()];
}

function exit(code: number): never {
  throw new Error(`the replica ends with ${code}`);
}

async function openApp(
  cluster: SimulatedCluster,
  folder: string,
  { AWS_ENDPOINT_URL_SES, ...settings }: Readonly<Record<string, string>>,
): Promise<App> {
  process.env['AWS_ENDPOINT_URL_SES'] = AWS_ENDPOINT_URL_SES;
  process.env['AWS_ACCESS_KEY_ID'] = 'example';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'example';
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, readFileSync(cluster.kubeconfig, 'utf8').replace('127.0.0.1', OWN_NAME));
  const config = loadConfig({
    RUNTIME: 'kubelet',
    CLUSTER_KUBECONFIG: kubeconfig,
    KUBELET_CA_FILE: cluster.kubeletAuthorityFile,
    POD_NAMESPACE: OWN_NAMESPACE,
    DATA_DIR: join(folder, 'data'),
    LOG_DIR: join(folder, 'logs'),
    POLICY_DIR: join(folder, 'policies'),
    LEADER_ELECTION: 'true',
    POD_NAME: 'foghorn-controller-1',
    POD_IP: '127.0.0.1',
    REPLICA_KEY: 'of replicas that have no passwords',
    PORT: String(await freePort()),
    SENDER_EMAIL: 'foghorn@example.com',
    RECIPIENT_EMAILS: 'oncall@example.com',
    ...settings,
  });
  const { replica, cluster: place } = config;
  if (replica === undefined || place === undefined) throw new Error('it is no replica in a cluster');
  const environment = {
    clock: systemClock,
    log: createSilentLog(),
    crdDir: join(root, 'crds'),
    webDir: join(root, 'dist'),
  };
  return createReplica({ ...config, replica, cluster: place }, { ...environment, exit });
}
