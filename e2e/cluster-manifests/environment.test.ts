import { beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../controller/src/config.ts';
import { hashPassword } from '../../controller/src/model/password-hash.ts';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { buildManifests } from './built-manifests.ts';
import { environmentOf } from './environment.ts';
import { workloadNamed } from './workloads.ts';

const password = { password: '0123abcd' };
const internal = 'postgres://foghorn:0123abcd@foghorn-database:5432/foghorn';
const external = 'postgres://foghorn:secret@db.example.org:5432/foghorn';
const replica = { leaseName: 'foghorn-controller', url: 'http://10.244.1.17:8001' };

beforeEach((context) => skipUnless(context, requireKubectl()));

it.each([
  ['base', { databaseUrl: internal, replica, cluster: { ownNamespace: 'foghorn', namespace: undefined } }],
  ['overlays/kind', { databaseUrl: internal, replica, cluster: { name: 'kind' } }],
  ['overlays/namespaced', { databaseUrl: internal, replica, cluster: { namespace: 'foghorn' } }],
  ['overlays/minimal', { databaseUrl: undefined, replica: undefined, dataDir: '/data' }],
  ['variants/external-database', { databaseUrl: external, replica }],
  ['variants/one-namespace', { databaseUrl: internal, replica, cluster: { namespace: 'foghorn' } }],
  ['variants/shards', { databaseUrl: internal, replica: { ...replica, shards: 2 } }],
])('a controller of %s starts with what its Secrets and fields give it', async (folder, config) => {
  const secrets = { DASHBOARD_PASSWORDS: `operate=${await hashPassword('example')}`, DATABASE_URL: external };
  const own = folder === 'overlays/minimal' ? { ...secrets, DATABASE_URL: '' } : secrets;
  const objects = buildManifests(folder);
  const controller = workloadNamed('foghorn-controller', objects);
  const environment = environmentOf(controller, objects, { foghorn: own, 'foghorn-database': password });
  expect(loadConfig(environment)).toMatchObject(config);
});
