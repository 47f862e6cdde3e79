import type { V1NetworkPolicySpec } from '@kubernetes/client-node';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAdmission } from '../../controller/src/apiserver/admission.ts';
import { loadKinds } from '../../controller/src/apiserver/kinds.ts';
import { settings } from '../../controller/src/settings.ts';
import { validators } from '../../controller/src/reconcile/validators.ts';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { apiFaults, clientVersion, newer } from './api-fields.ts';
import { buildManifests, nameOf, ofKind, variants, type ManifestObject } from './built-manifests.ts';
import { referenceFaults } from './references.ts';
import { securityFaults, workloadNamed, workloadsOf } from './workloads.ts';

const replicated = ['base', 'overlays/kind', 'overlays/namespaced', ...variants];
const folders = [...replicated, 'overlays/minimal'];
const OURS = 'foghorn.dev/v1alpha1';

describe.each(folders)('manifests: %s', (folder) => {
  let objects: readonly ManifestObject[] = [];
  beforeEach((context) => {
    skipUnless(context, requireKubectl());
    if (objects.length === 0) objects = buildManifests(folder);
  });

  it('has each object once', () => {
    const names = objects.map(nameOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names).toContain('Deployment foghorn/foghorn-controller');
    expect(names).toContain('CustomResourceDefinition monitorpolicies.foghorn.dev');
  });

  it('has no field that the API of Kubernetes does not know, from 1.29 to 1.36', () => {
    expect(objects.filter(({ apiVersion }) => apiVersion !== OURS).flatMap(apiFaults)).toEqual([]);
  });

  it('declares only what the definitions take', async () => {
    const kinds = await loadKinds(join(import.meta.dirname, '../../crds'));
    const admission = createAdmission({ kinds, validators });
    for (const object of objects.filter(({ apiVersion }) => apiVersion === OURS)) {
      const kind = kinds.all.find(({ resource }) => resource.kind === object.kind);
      if (kind === undefined) throw new Error(`${nameOf(object)} is of no kind of ours`);
      const judge = (): void => admission.validate(kind, admission.decode(kind, object, 'Strict').object, undefined);
      expect(judge).not.toThrow();
    }
  });

  it('names nothing that is not there', () => {
    expect(referenceFaults(objects)).toEqual([]);
  });

  it('runs every container as the standard restricted has it, within limits', () => {
    expect(workloadsOf(objects).flatMap(securityFaults)).toEqual([]);
    const open = ofKind(objects, 'Namespace').filter(
      ({ metadata }) => metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted',
    );
    expect(open).toEqual([]);
  });

  it('sets only settings that there are', () => {
    const [map] = ofKind(objects, 'ConfigMap');
    const variables = workloadNamed('foghorn-controller', objects).containers.flatMap(({ env = [] }) =>
      env.map(({ name }) => name),
    );
    const ofOthers = ['SES_SANDBOX_URL', 'TMPDIR', 'DATABASE_PASSWORD'];
    const known = [...Object.keys(settings), ...ofOthers];
    const set = [...Object.keys(map?.['data'] ?? {}), ...variables];
    expect(set.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('gives the controller longer to stop than it takes', () => {
    expect(workloadNamed('foghorn-controller', objects).template.spec?.terminationGracePeriodSeconds).toBe(40);
  });
});

describe.each(replicated)('manifests with replicas: %s', (folder) => {
  let objects: readonly ManifestObject[] = [];
  beforeEach((context) => {
    skipUnless(context, requireKubectl());
    if (objects.length === 0) objects = buildManifests(folder);
  });

  it('elect one, which is gone only when another is ready', () => {
    expect(objects.find(isController)?.spec).toMatchObject({
      replicas: 2,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    const [{ env = [] } = { env: [] }] = workloadNamed('foghorn-controller', objects).containers;
    expect(env).toContainEqual({ name: 'LEADER_ELECTION', value: 'true' });
    expect(env.find(({ name }) => name === 'POD_IP')?.valueFrom?.fieldRef?.fieldPath).toBe('status.podIP');
    const [budget] = ofKind(objects, 'PodDisruptionBudget').filter(({ metadata }) => metadata.namespace === 'foghorn');
    expect(budget?.spec).toMatchObject({
      minAvailable: 1,
      selector: { matchLabels: workloadNamed('foghorn-controller', objects).selector },
    });
  });

  it('keep nothing of their own that must not be lost, and are spread', () => {
    const { spec } = workloadNamed('foghorn-controller', objects).template;
    expect(spec?.volumes?.filter(({ emptyDir }) => emptyDir === undefined)).toEqual([]);
    expect(spec?.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey)).toEqual([
      'kubernetes.io/hostname',
      'topology.kubernetes.io/zone',
    ]);
  });

  it('reach each other and the database through the NetworkPolicies', () => {
    const policies = ofKind(objects, 'NetworkPolicy');
    const [ofController] = policies.filter(({ metadata }) => metadata.name === 'foghorn-controller');
    const { egress = [] } = (ofController?.spec ?? {}) as V1NetworkPolicySpec;
    const ports = egress.flatMap((rule) => (rule.ports ?? []).map(({ port }) => port));
    expect(ports).toEqual([53, 53, 443, 6443, 10_250, 8001, 5432]);
    const hasDatabase = ofKind(objects, 'StatefulSet').some(({ metadata }) => metadata.name === 'foghorn-database');
    const [ofDatabase] = policies.filter(({ metadata }) => metadata.name === 'foghorn-database');
    expect(ofDatabase?.spec).toEqual(hasDatabase ? databaseIsOfReplicas : undefined);
  });
});

/** Nothing goes out; in comes what the controllers ask. */
const databaseIsOfReplicas = {
  podSelector: { matchLabels: { 'app.kubernetes.io/name': 'foghorn-database' } },
  policyTypes: ['Ingress', 'Egress'],
  ingress: [
    {
      from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'foghorn' } } }],
      ports: [{ protocol: 'TCP', port: 5432 }],
    },
  ],
};

it('the manifests for one controller let it have its volume for itself', (context) => {
  skipUnless(context, requireKubectl());
  const objects = buildManifests('overlays/minimal');
  expect(objects.find(isController)?.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  const names = workloadNamed('foghorn-controller', objects).containers.flatMap(({ env = [] }) =>
    env.map(({ name }) => name),
  );
  expect(names.filter((name) => /^(LEADER_ELECTION|DATABASE_)/.test(name))).toEqual([]);
});

function isController({ kind, metadata }: ManifestObject): boolean {
  return kind === 'Deployment' && metadata.name === 'foghorn-controller';
}

describe('the check of fields', () => {
  it.each([
    ['a field that is not there', { spec: { replica: 1 } }, 'Deployment a/x.spec.replica: unknown field'],
    [
      'a number for a text',
      { metadata: { name: 'x', namespace: 'a', labels: { v: 1 } } },
      'Deployment a/x.metadata.labels.v: number instead of string',
    ],
    ['a text for a number', { spec: { replicas: '1' } }, 'Deployment a/x.spec.replicas: string instead of number'],
    [
      'a field within a list',
      { spec: { template: { spec: { containers: [{ nam: 'x' }] } } } },
      'Deployment a/x.spec.template.spec.containers[0].nam: unknown field',
    ],
  ])('finds %s', (_title, change, fault) => {
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'a' }, ...change };
    expect(apiFaults(object as unknown as ManifestObject)).toEqual([fault]);
  });

  it('finds a field that only newer versions know', () => {
    const spec = { template: { spec: { hostnameOverride: 'a' } } };
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'a' }, spec };
    const fault = 'Deployment a/x.spec.template.spec.hostnameOverride: not in Kubernetes 1.29';
    expect(apiFaults(object)).toEqual([fault]);
  });

  it('was told what is newer by the API of today', () => {
    expect(newer.client, 'run scripts/newer-fields.ts').toBe(clientVersion());
  });

  it('knows no other kinds', () => {
    const object = { apiVersion: 'apps/v1beta1', kind: 'Deployment', metadata: { name: 'x', namespace: 'a' } };
    expect(apiFaults(object)).toEqual(['Deployment a/x: no known kind of apps/v1beta1']);
  });
});
