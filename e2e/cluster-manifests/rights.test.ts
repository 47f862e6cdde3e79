import { beforeEach, describe, expect, it } from 'vitest';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { buildManifests, nameOf, ofKind, type ManifestObject } from './built-manifests.ts';
import { rightsOf, rightText, rulesOf } from './rights.ts';

const ACCOUNT = 'foghorn-controller';
const declared = ['alerts', 'loadtests', 'monitorpolicies', 'silences'];
const of = (verbs: string, resource: string): readonly string[] =>
  verbs.split(' ').map((verb) => `${verb} ${resource}`);

/** What the controller asks of the API server wherever it watches. */
const watching = [
  // Informers, reconcilers, the policy folder and the page.
  ...declared.flatMap((plural) => of('get list watch create update delete', `${plural}.foghorn.dev`)),
  ...declared.flatMap((plural) => of('update', `${plural}.foghorn.dev/status`)),
  // Asked by the admission plugin OwnerReferencesPermissionEnforcement of runs that block the deletion of their schedule.
  ...of('update', 'loadtests.foghorn.dev/finalizers'),
  ...of('get create update', 'events'),
  ...of('list watch', 'pods'),
  // Readings where a kubelet cannot be asked.
  ...of('list', 'pods.metrics.k8s.io'),
  // Generators of load tests, and their targets.
  ...of('list', 'jobs.batch'),
  ...of('get', 'services'),
];
const ofTheCluster = [...of('list watch', 'nodes'), ...of('get', 'nodes/stats'), ...of('get', 'nodes/metrics')];
const ofItsOwn = ['create configmaps', 'get configmaps foghorn-mail-budget', 'update configmaps foghorn-mail-budget'];
/** To elect a leader; a name cannot bound what is created. */
const electing = [
  'create leases.coordination.k8s.io',
  ...of('get update', 'leases.coordination.k8s.io foghorn-controller'),
];
/** To share the nodes among up to eight replicas: a Lease for each but the leader, made by the right of the election. */
const sharing = [1, 2, 3, 4, 5, 6, 7].flatMap((place) =>
  of('get update', `leases.coordination.k8s.io foghorn-controller-shard-${place}`),
);
/** Where load tests may run. */
const generating = [...of('create patch delete', 'jobs.batch'), ...of('patch', 'pods'), ...of('get', 'pods/log')];
const within = (rights: readonly string[], namespace: string = 'foghorn'): readonly string[] =>
  rights.map((right) => `${right} in ${namespace}`);

describe.each([
  ['base', [...watching, ...ofTheCluster, ...within([...ofItsOwn, ...electing])]],
  [
    'overlays/kind',
    [...watching, ...ofTheCluster, ...within([...ofItsOwn, ...electing]), ...within(generating, 'foghorn-sample')],
  ],
  ['overlays/minimal', [...watching, ...ofTheCluster, ...within(ofItsOwn)]],
  ['overlays/namespaced', [...within(watching), ...ofTheCluster, ...within([...ofItsOwn, ...electing])]],
  ['variants/external-database', [...watching, ...ofTheCluster, ...within([...ofItsOwn, ...electing])]],
  ['variants/one-namespace', within([...watching, ...ofItsOwn, ...electing])],
  ['variants/shards', [...watching, ...ofTheCluster, ...within([...ofItsOwn, ...electing, ...sharing])]],
])('the roles of %s', (folder, expected) => {
  let objects: readonly ManifestObject[] = [];
  beforeEach((context) => {
    skipUnless(context, requireKubectl());
    if (objects.length === 0) objects = buildManifests(folder);
  });

  it('let the controller do what it does, and nothing else', () => {
    expect(rightsOf(objects, ACCOUNT).map(rightText).toSorted()).toEqual(expected.toSorted());
  });

  it('have no wildcard, nothing that runs commands, and no secrets', () => {
    const rules = ofKind(objects, 'ClusterRole', 'Role').flatMap((role) =>
      rulesOf(role).map((rule) => ({ name: nameOf(role), text: JSON.stringify(rule) })),
    );
    const forbidden = /"\*"|nodes\/proxy|pods\/exec|pods\/attach|secrets|nonResourceURLs|escalate|bind|impersonate/;
    expect(rules.filter(({ text }) => forbidden.test(text))).toEqual([]);
  });

  it('let people see, declare and remove what is ours, and write no status', () => {
    const people = ofKind(objects, 'ClusterRole').filter(({ metadata }) => /-(view|edit|admin)$/.test(metadata.name));
    const names = folder === 'variants/one-namespace' ? [] : ['foghorn-admin', 'foghorn-edit', 'foghorn-view'];
    expect(people.map(({ metadata }) => metadata.name)).toEqual(names);
    const resources = people.flatMap((role) => rulesOf(role).flatMap((rule) => rule.resources ?? []));
    expect([...new Set(resources)].toSorted()).toEqual(names.length === 0 ? [] : declared);
  });
});
