import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../../controller/src/free-port.ts';
import { decodeLease, leases } from '../../controller/src/kube/lease/lease.ts';
import { hashPassword } from '../../controller/src/model/password-hash.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../cluster/simulated-cluster.ts';
import { createDockerCli } from '../engine/docker-cli.ts';
import { requireCompose, requireKubectl, skipUnless } from '../requirements.ts';
import { compose } from '../stack/compose.ts';
import { until } from '../until.ts';
import { OWN_NAMESPACE } from './asked.ts';
import { buildManifests } from './built-manifests.ts';
import { environmentOf, type Secrets } from './environment.ts';
import { containerOptions } from './pod-container.ts';
import { workloadNamed } from './workloads.ts';

interface Replica {
  readonly name: string;
  readonly url: string;
}

const marker = `fh-pods-${process.pid}`;
const cli = createDockerCli(marker);
const BUILD_TIMEOUT_MS = 10 * 60_000;
const START_TIMEOUT_MS = 120_000;
/** The Lease is given back, and taken at the next look; the rest is the start of a controller on a busy machine. */
const HANDOVER_TIMEOUT_MS = 90_000;
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const needed = () => [requireCompose(), requireKubectl()].find(({ skip }) => skip) ?? requireKubectl();

/** The containers of manifests/base with their own environment, user and bounds; what is simulated is the cluster. */
describe('the pods of manifests/base on a real engine', { timeout: 300_000 }, () => {
  let cluster: SimulatedCluster;
  let folder: string;
  let replicas: readonly Replica[] = [];

  beforeAll(async () => {
    if (needed().skip) return;
    await compose({ folder: tmpdir() }, 'build', 'controller');
    cluster = await startSimulatedCluster();
    await cluster.makeNamespace(OWN_NAMESPACE);
    folder = mkdtempSync(join(tmpdir(), 'foghorn-pods-'));
    chmodSync(folder, 0o755);
    replicas = await startPods(cluster, folder);
  }, BUILD_TIMEOUT_MS);
  beforeEach((context) => skipUnless(context, needed()));
  afterAll(async () => {
    if (needed().skip) return;
    await cli.removeAll();
    await cluster.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const leader = async (): Promise<Replica | undefined> => {
    const lease = await cluster.client.get(leases, OWN_NAMESPACE, 'foghorn-controller');
    return replicas.find(({ url }) => lease !== undefined && decodeLease(lease).url === url);
  };
  const answers = async ({ url }: Replica, path: string): Promise<number> => (await fetch(`${url}${path}`)).status;

  it('elect one of them, and both show the dashboard and are ready', async () => {
    expect(await until('one leads', START_TIMEOUT_MS, leader)).toBeDefined();
    for (const replica of replicas) {
      await until('ready', START_TIMEOUT_MS, async () => (await answers(replica, '/readyz')) === 200 || undefined);
      expect([await answers(replica, '/healthz'), await answers(replica, '/')]).toEqual([200, 200]);
      // Nothing without the password.
      expect(await answers(replica, '/api/v1/overview')).toBe(401);
    }
  });

  it('keep the history in the database of the manifests', async () => {
    const count = "select count(*) from information_schema.tables where table_schema = 'foghorn'";
    const counted = await cli.docker(
      'exec',
      `${marker}-database`,
      'psql',
      '-U',
      'foghorn',
      '-d',
      'foghorn',
      '-Atc',
      count,
    );
    expect(Number(counted)).toBeGreaterThan(0);
  });

  it('hand over when the leader is stopped, as in a rollout', async () => {
    const before = await until('one leads', START_TIMEOUT_MS, leader);
    await cli.docker('stop', '--time', '40', before.name);
    expect(await cli.docker('inspect', '--format', '{{.State.ExitCode}}', before.name)).toBe('0');
    const next = await until('another leads', HANDOVER_TIMEOUT_MS, async () => {
      const found = await leader();
      return found === before ? undefined : found;
    });
    await until('it answers', HANDOVER_TIMEOUT_MS, async () => (await answers(next, '/healthz')) === 200 || undefined);
  });
});

/** Postgres and two replicas, as far as possible with what the manifests say; loopback in the place of a pod network. */
async function startPods(cluster: SimulatedCluster, folder: string): Promise<readonly Replica[]> {
  const objects = buildManifests('base');
  const secrets: Secrets = {
    foghorn: { DASHBOARD_PASSWORDS: `operate=${await hashPassword('example')}` },
    'foghorn-database': { password: '0123456789abcdef' },
  };
  const databasePort = await freePort();
  const start = (name: string, options: readonly string[], ...own: readonly string[]): Promise<string> =>
    cli.docker('run', '--detach', '--name', name, '--label', `foghorn.test=${marker}`, ...own, ...options);

  const database = workloadNamed('foghorn-database', objects);
  const published = ['--publish', `127.0.0.1:${databasePort}:5432`];
  await start(
    `${marker}-database`,
    containerOptions(database, environmentOf(database, objects, secrets)),
    ...published,
  );

  const controller = workloadNamed('foghorn-controller', objects);
  const given = environmentOf(controller, objects, secrets);
  const { DATABASE_URL = '' } = given;
  const inCluster = writeAccount(cluster.kubeconfig, folder);
  const replicas: Replica[] = [];
  for (const index of [1, 2]) {
    const port = String(await freePort());
    const name = `${marker}-${index}`;
    const environment = {
      ...given,
      ...inCluster,
      DATABASE_URL: DATABASE_URL.replace('foghorn-database:5432', `127.0.0.1:${databasePort}`),
      HOST: '127.0.0.1',
      PORT: port,
      POD_NAME: name,
      POD_IP: '127.0.0.1',
    };
    const account = ['--volume', `${folder}:${ACCOUNT}:ro`];
    await start(name, containerOptions(controller, environment), '--network', 'host', ...account);
    replicas.push({ name, url: `http://127.0.0.1:${port}` });
  }
  return replicas;
}

/** What a kubelet puts into a pod for its service account. @returns the variables that go with it */
function writeAccount(kubeconfig: string, folder: string): Readonly<Record<string, string>> {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as {
    readonly clusters: readonly [
      { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } },
    ];
    readonly users: readonly [{ readonly user: { readonly token: string } }];
  };
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster;
  // For the user of the container.
  const readable = { mode: 0o644 };
  writeFileSync(join(folder, 'token'), users[0].user.token, readable);
  writeFileSync(join(folder, 'ca.crt'), Buffer.from(authority, 'base64'), readable);
  writeFileSync(join(folder, 'namespace'), OWN_NAMESPACE, readable);
  const { hostname, port } = new URL(server);
  return { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
}
