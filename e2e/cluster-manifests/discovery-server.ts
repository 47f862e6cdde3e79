import { once } from 'node:events';
import { createServer } from 'node:http';
import { portOf } from '../email/fake-ses.ts';
import { clusterWide, type ManifestObject } from './built-manifests.ts';

/** An API server that has every kind of the objects, and none of the objects: enough for a dry run of kubectl. */
export async function startDiscoveryServer(
  objects: readonly ManifestObject[],
): Promise<AsyncDisposable & { readonly url: string }> {
  const answers = answersFor(objects);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://server');
    const answer = answers.get(pathname);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? NOT_FOUND));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const NOT_FOUND = {
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  reason: 'NotFound',
  message: 'not found',
  code: 404,
};
const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

function answersFor(objects: readonly ManifestObject[]): ReadonlyMap<string, object> {
  const byVersion = Map.groupBy(objects, ({ apiVersion }) => apiVersion);
  const lists = [...byVersion].map(([groupVersion, ofVersion]) => {
    const kinds = [...new Set(ofVersion.map(({ kind }) => kind))];
    const resources = kinds.map((kind) => ({ name: pluralOf(kind), kind, verbs, namespaced: !clusterWide(kind) }));
    const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
    return [path, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources }] as const;
  });
  const groups = [...byVersion.keys()]
    .filter((groupVersion) => groupVersion.includes('/'))
    .map((groupVersion) => {
      const [name = '', version = ''] = groupVersion.split('/');
      return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
    });
  return new Map<string, object>([
    ['/api', { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }],
    ['/apis', { kind: 'APIGroupList', apiVersion: 'v1', groups }],
    ...lists,
  ]);
}

function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  return name.endsWith('y') ? `${name.slice(0, -1)}ies` : `${name}s`;
}
