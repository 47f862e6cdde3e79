import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAdmission } from '../../controller/src/apiserver/admission.ts';
import { loadKinds } from '../../controller/src/apiserver/kinds.ts';
import { settings } from '../../controller/src/settings.ts';
import { validators } from '../../controller/src/reconcile/validators.ts';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { apiFaults } from './api-fields.ts';
import { buildManifests, nameOf, ofKind, type ManifestObject } from './built-manifests.ts';
import { referenceFaults } from './references.ts';
import { securityFaults, workloadsOf } from './workloads.ts';

const folders = ['base', 'overlays/kind', 'overlays/minimal', 'overlays/namespaced'];
const OURS = 'foghorn.dev/v1alpha1';

describe.each(folders)('manifests/%s', (folder) => {
  let objects: readonly ManifestObject[] = [];
  beforeEach((context) => {
    skipUnless(context, requireKubectl());
    if (objects.length === 0) objects = buildManifests(join('manifests', folder));
  });

  it('has each object once', () => {
    const names = objects.map(nameOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names).toContain('Deployment foghorn/foghorn-controller');
    expect(names).toContain('CustomResourceDefinition monitorpolicies.foghorn.dev');
  });

  it('has no field that the API of Kubernetes does not know', () => {
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
    const entryPoint = ['SES_SANDBOX_URL'];
    const known = [...Object.keys(settings), ...entryPoint];
    expect(Object.keys(map?.['data'] ?? {}).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('has one controller at a time, which has longer to stop than it takes', () => {
    const [controller] = objects
      .filter(({ metadata }) => metadata.name === 'foghorn-controller' && metadata.namespace)
      .filter(({ kind }) => kind === 'Deployment');
    expect(controller?.spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'Recreate' },
      template: { spec: { terminationGracePeriodSeconds: 40 } },
    });
  });
});

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

  it('knows no other kinds', () => {
    const object = { apiVersion: 'apps/v1beta1', kind: 'Deployment', metadata: { name: 'x', namespace: 'a' } };
    expect(apiFaults(object)).toEqual(['Deployment a/x: no known kind of apps/v1beta1']);
  });
});
