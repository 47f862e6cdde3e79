import type { V1EnvVar, V1NetworkPolicySpec } from '@kubernetes/client-node';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { requireHelm, requireKubectl, skipUnless } from '../requirements.ts';
import { apiFaults } from './api-fields.ts';
import { buildManifests, nameOf, ofKind, readObjects, type ManifestObject } from './built-manifests.ts';
import { referenceFaults } from './references.ts';
import { rightsOf, rightText } from './rights.ts';
import { securityFaults, workloadsOf } from './workloads.ts';

const chart = join(import.meta.dirname, '../../charts/foghorn');
const TEMPLATE_TIMEOUT_MS = 30_000;

function fillIn(...values: readonly string[]): readonly ManifestObject[] {
  const set = values.flatMap((value) => ['--set', value]);
  const options = ['--namespace', 'foghorn', '--include-crds', ...set];
  return readObjects(
    execFileSync('helm', ['template', 'foghorn', chart, ...options], {
      encoding: 'utf8',
      timeout: TEMPLATE_TIMEOUT_MS,
    }),
  );
}

const rightsIn = (objects: readonly ManifestObject[]): readonly string[] =>
  rightsOf(objects, 'foghorn-controller').map(rightText).toSorted();

const environmentIn = (objects: readonly ManifestObject[]): readonly V1EnvVar[] =>
  workloadsOf(objects)
    .flatMap(({ containers }) => containers.flatMap(({ env = [] }) => env))
    .toSorted((one, other) => one.name.localeCompare(other.name));

describe('the Helm chart', () => {
  beforeEach((context) => {
    skipUnless(context, requireHelm());
    skipUnless(context, requireKubectl());
  });

  it.each([
    ['as it is', 'base', []],
    ['for one namespace', 'overlays/namespaced', ['namespaced=true']],
    ['for one controller', 'overlays/minimal', ['replicas=1', 'database.kind=file', 'networkPolicy.enabled=false']],
    ['with a database that is there', 'variants/external-database', ['database.kind=external']],
    ['for one namespace, without cluster roles', 'variants/one-namespace', ['namespaced=true', 'clusterRoles=false']],
    ['with shards', 'variants/shards', ['shards=2']],
  ])('gives, %s, what %s has', (_title, folder, values) => {
    const objects = fillIn(...values);
    const kustomized = buildManifests(folder).filter(({ kind }) => kind !== 'Namespace');
    expect(objects.map(nameOf).toSorted()).toEqual(kustomized.map(nameOf).toSorted());
    expect(rightsIn(objects)).toEqual(rightsIn(kustomized));
    expect(environmentIn(objects)).toEqual(environmentIn(kustomized));
    expect([
      ...objects.flatMap(apiFaults),
      ...referenceFaults(objects),
      ...workloadsOf(objects).flatMap(securityFaults),
    ]).toEqual([]);
  });

  it('refuses several replicas with a history for each', () => {
    expect(() => fillIn('database.kind=file')).toThrow('need a database that they share');
  });

  it('takes the database from the values', () => {
    const objects = fillIn('database.secretName=keys', 'database.image=postgres:17', 'database.storage=50Gi');
    const database = objects.find(({ kind }) => kind === 'StatefulSet');
    expect(JSON.stringify(database?.spec)).toMatch(/"image":"postgres:17".*"storage":"50Gi"/);
    for (const one of [database, objects.find(({ kind }) => kind === 'Deployment')])
      expect(JSON.stringify(one)).toContain('"secretKeyRef":{"name":"keys","key":"password"}');
    const [policy] = ofKind(fillIn('database.kind=external', 'database.port=6432'), 'NetworkPolicy');
    const { egress = [] } = (policy?.spec ?? {}) as V1NetworkPolicySpec;
    expect(egress).toContainEqual({ ports: [{ protocol: 'TCP', port: 6432 }] });
  });

  it('takes image, resources, settings and the name of the Secret from the values', () => {
    const values = ['image.repository=registry.example.org/foghorn', 'image.tag=2', 'settings.CPU_THRESHOLD=70'];
    const objects = fillIn(...values, 'secretName=keys', 'resources.limits.memory=1Gi');
    const [container] = workloadsOf(ofKind(objects, 'Deployment'))[0]?.containers ?? [];
    expect(container).toMatchObject({
      image: 'registry.example.org/foghorn:2',
      envFrom: [{}, { secretRef: { name: 'keys' } }],
      resources: { limits: { memory: '1Gi' }, requests: { memory: '128Mi' } },
    });
    expect(ofKind(objects, 'ConfigMap')[0]?.['data']).toMatchObject({ CPU_THRESHOLD: '70', CLUSTER_NAME: 'cluster' });
  });
});
