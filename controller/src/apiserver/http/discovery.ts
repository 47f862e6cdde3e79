import { createHash } from 'node:crypto';
import type { KindDefinition } from '../kind.ts';
import { parseAccept } from './negotiate.ts';

/** A kind that can only be posted and is answered at once, such as SelfSubjectAccessReview. */
export interface ReviewResource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

/** One resource as discovery names it. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly short: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly Subresource[];
}

interface Subresource {
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** A document of discovery, with its hash. */
export interface DiscoveryAnswer {
  readonly body: unknown;
  readonly contentType: string;
  readonly etag?: string;
}

const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const builtInVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

export function servedKind(kind: KindDefinition): ServedResource {
  const { resource, names } = kind;
  return {
    ...resource,
    singular: names.singular,
    verbs: kind.verbs ?? (kind.definition === undefined ? builtInVerbs : customVerbs),
    short: names.short,
    categories: names.categories,
    subresources: [
      ...(kind.subresources ?? []).map((name) => ({ name, kind: resource.kind, verbs: ['get'] })),
      ...(kind.hasStatus ? [{ name: 'status', kind: resource.kind, verbs: ['get', 'patch', 'update'] }] : []),
    ],
  };
}

export function servedReview(review: ReviewResource): ServedResource {
  const singular = review.kind.toLowerCase();
  return { ...review, singular, namespaced: false, verbs: ['create'], short: [], categories: [], subresources: [] };
}

/** Answers `/api`, `/apis` and what is below them; undefined for a group or version that is not served. */
export function createDiscovery(
  served: readonly ServedResource[],
): (path: string, accept: string | undefined) => DiscoveryAnswer | 'not acceptable' | undefined {
  const groups = [...new Set(served.map(({ group }) => group))].filter((group) => group !== '');
  const inGroup = (group: string) => served.filter((resource) => resource.group === group);
  const core = inGroup('');
  const legacy = new Map<string, unknown>([
    ['/api', { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }],
    [
      '/apis',
      { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((group) => groupOf(group, inGroup(group))) },
    ],
    ['/api/v1', resourceList('v1', core)],
  ]);
  for (const group of groups) {
    const resources = inGroup(group);
    legacy.set(`/apis/${group}`, { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, resources) });
    for (const version of versionsOf(resources)) {
      const inVersion = resources.filter((resource) => resource.version === version);
      legacy.set(`/apis/${group}/${version}`, resourceList(`${group}/${version}`, inVersion));
    }
  }
  const aggregated = new Map<string, DiscoveryAnswer>([
    ['/api', hashed(aggregatedList([aggregatedGroup('', core)]))],
    ['/apis', hashed(aggregatedList(groups.map((group) => aggregatedGroup(group, inGroup(group)))))],
  ]);
  return (path, accept) => {
    const key = path.length > 1 ? path.replace(/\/$/, '') : path;
    const body = legacy.get(key);
    if (body === undefined) return undefined;
    const whole = aggregated.get(key);
    const form = whole === undefined ? 'legacy' : formOf(accept);
    if (form === 'aggregated') return whole;
    return form === 'legacy' ? { body, contentType: 'application/json' } : 'not acceptable';
  };
}

/** The paths that a client may look below `/`. */
export function discoveryPaths(served: readonly ServedResource[]): readonly string[] {
  const groups = served.flatMap(({ group, version }) =>
    group === '' ? [] : [`/apis/${group}`, `/apis/${group}/${version}`],
  );
  const fixed = [
    '/api',
    '/api/v1',
    '/apis',
    '/apis/',
    '/healthz',
    '/livez',
    '/openapi/v2',
    '/openapi/v3',
    '/readyz',
    '/version',
  ];
  return [...new Set([...fixed, ...groups])].sort();
}

function formOf(accept: string | undefined): 'aggregated' | 'legacy' | 'none' {
  const asked = parseAccept(accept);
  if (asked.length === 0) return 'legacy';
  for (const { type, parameters } of asked) {
    const as = parameters.get('as');
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    if (as === undefined) return 'legacy';
    const isV2 = parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('v') === 'v2';
    if (isV2 && as === 'APIGroupDiscoveryList') return 'aggregated';
  }
  return 'none';
}

function hashed(body: unknown): DiscoveryAnswer {
  const hash = createHash('sha512').update(JSON.stringify(body)).digest('hex').toUpperCase();
  return { body, contentType: AGGREGATED, etag: `"${hash}"` };
}

function aggregatedList(items: readonly unknown[]): unknown {
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function aggregatedGroup(group: string, resources: readonly ServedResource[]): unknown {
  return {
    metadata: group === '' ? {} : { name: group },
    versions: versionsOf(resources).map((version) => ({
      version,
      resources: resources
        .filter((resource) => resource.version === version)
        .map((resource) => aggregatedResource(resource)),
      freshness: 'Current',
    })),
  };
}

function aggregatedResource(resource: ServedResource): unknown {
  const { group, version, subresources } = resource;
  return withoutEmpty({
    resource: resource.plural,
    responseKind: { group, version, kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.verbs,
    shortNames: resource.short,
    categories: resource.categories,
    subresources: subresources.map(({ name, kind, verbs }) => ({
      subresource: name,
      responseKind: { group, version, kind },
      verbs,
    })),
  });
}

function groupOf(group: string, resources: readonly ServedResource[]) {
  const versions = versionsOf(resources).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function resourceList(groupVersion: string, resources: readonly ServedResource[]): unknown {
  return {
    kind: 'APIResourceList',
    ...(groupVersion === 'v1' ? {} : { apiVersion: 'v1' }),
    groupVersion,
    resources: resources.flatMap((resource) => [
      withoutEmpty({
        name: resource.plural,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: resource.verbs,
        shortNames: resource.short,
        categories: resource.categories,
        storageVersionHash: resource.verbs.includes('list') ? storageHash(resource) : '',
      }),
      ...resource.subresources.map(({ name, kind, verbs }) => ({
        name: `${resource.plural}/${name}`,
        singularName: '',
        namespaced: resource.namespaced,
        kind,
        verbs,
      })),
    ]),
  };
}

/** As StorageVersionHash of k8s.io/apiserver/pkg/endpoints/discovery: the first 8 bytes of a SHA-256, in base64. */
function storageHash({ group, version, kind }: ServedResource): string {
  return createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');
}

function versionsOf(resources: readonly ServedResource[]): readonly string[] {
  return [...new Set(resources.map(({ version }) => version))];
}

function withoutEmpty(record: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0)),
  );
}
