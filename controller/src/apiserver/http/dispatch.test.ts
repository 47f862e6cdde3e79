import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { silence } from '../test-api.ts';
import { openTestFace, type AskOptions, type TestFace } from './test-face.ts';

const SILENCES = '/apis/foghorn.dev/v1alpha1/namespaces/default/silences';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

let face: TestFace;
beforeAll(async () => {
  face = await openTestFace();
});

function ask(line: string, options?: AskOptions) {
  return face.ask(line, options);
}

describe('who may do what', () => {
  it.each<[NonNullable<AskOptions['as']>, string, number, string]>([
    [
      'stranger',
      `GET ${SILENCES}`,
      403,
      'silences.foghorn.dev is forbidden: User "system:anonymous" cannot list resource "silences" in API group "foghorn.dev" in the namespace "default"',
    ],
    ['nobody', 'GET /nothing', 403, 'forbidden: User "nobody" cannot get path "/nothing"'],
    [
      'view',
      `DELETE ${SILENCES}/x`,
      403,
      'silences.foghorn.dev "x" is forbidden: User "view" cannot delete resource "silences" in API group "foghorn.dev" in the namespace "default"',
    ],
    [
      'view',
      'GET /api/v1/secrets',
      403,
      'secrets is forbidden: User "view" cannot list resource "secrets" in API group "" at the cluster scope',
    ],
    [
      'edit',
      `PUT ${SILENCES}/x/status`,
      403,
      'silences.foghorn.dev "x" is forbidden: User "edit" cannot update resource "silences/status" in API group "foghorn.dev" in the namespace "default"',
    ],
    ['edit', `DELETE ${SILENCES}/x`, 404, 'silences.foghorn.dev "x" not found'],
    ['admin', `PUT ${SILENCES}/x/status`, 400, expect.stringContaining('unexpected end of JSON input')],
  ])('%s: %s is %d', (as, line, status, message) => {
    const answer = ask(line, { as });
    expect(answer.json).toMatchObject({ kind: 'Status', status: 'Failure', message, code: status });
    expect(answer.status).toBe(status);
  });

  it('refuses a wrong token, and shows health to all', () => {
    expect(ask(`GET ${SILENCES}`, { headers: { authorization: 'Bearer wrong-token' } }).json).toMatchObject({
      code: 401,
      reason: 'Unauthorized',
      message: 'Unauthorized',
    });
    for (const path of ['/healthz', '/readyz', '/livez']) {
      expect(ask(`GET ${path}`, { as: 'stranger' })).toMatchObject({ status: 200, body: 'ok' });
    }
  });

  it('lets an administrator act as another, and nobody else', () => {
    const headers = { 'impersonate-user': 'dev' };
    expect(ask(`GET ${SILENCES}`, { headers }).json).toMatchObject({
      code: 403,
      message: expect.stringContaining('"dev"'),
    });
    expect(ask(`GET ${SILENCES}`, { headers, as: 'edit' }).json).toMatchObject({
      message:
        'users "dev" is forbidden: User "edit" cannot impersonate resource "users" in API group "" at the cluster scope',
    });
  });

  it.each([
    ['view', 'list', true],
    ['view', 'create', false],
    ['edit', 'create', true],
    ['nobody', 'get', false],
  ] as const)('tells %s about %s: %s', (as, verb, allowed) => {
    const spec = { resourceAttributes: { namespace: 'default', verb, group: 'foghorn.dev', resource: 'silences' } };
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
    const answer = ask('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { as, body });
    expect(answer).toMatchObject({ status: 201, json: { status: { allowed } } });
  });
});

describe('discovery', () => {
  it('is legacy for plain JSON, and aggregated with an ETag when asked so', () => {
    expect(ask('GET /apis', { accept: 'application/json' }).json).toMatchObject({ kind: 'APIGroupList' });
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const answer = ask('GET /apis', { accept });
    expect(answer.json).toMatchObject({ kind: 'APIGroupDiscoveryList' });
    expect(answer.contentType).toContain('as=APIGroupDiscoveryList');
    const etag = String(answer.headers['etag']);
    expect(ask('GET /apis', { accept, headers: { 'if-none-match': etag } })).toMatchObject({
      status: 304,
      contentType: '',
    });
  });

  it('names verbs, short names and the status of a kind', () => {
    expect(ask('GET /apis/foghorn.dev/v1alpha1').json).toMatchObject({
      resources: expect.arrayContaining([
        expect.objectContaining({ name: 'monitorpolicies', shortNames: ['mp'], categories: ['foghorn'] }),
        expect.objectContaining({ name: 'monitorpolicies/status', verbs: ['get', 'patch', 'update'] }),
      ]),
    });
  });

  it('gives each document of the schemas under a hash that does not change', () => {
    const { json } = ask('GET /openapi/v3');
    const url = Object(json).paths['apis/foghorn.dev/v1alpha1'].serverRelativeURL;
    const document = ask(`GET ${url}`);
    expect(document.headers['cache-control']).toBe('public, immutable');
    expect(Object.keys(Object(document.json).components.schemas)).toContain('dev.foghorn.v1alpha1.MonitorPolicy');
    expect(ask('GET /openapi/v3/apis/foghorn.dev/v1alpha1?hash=OLD')).toMatchObject({
      status: 301,
      headers: { location: url },
    });
  });
});

describe('objects', () => {
  it('are shown as a table, as metadata only, or whole', () => {
    ask(`POST ${SILENCES}`, { body: silence('shown') });
    expect(ask(`GET ${SILENCES}/shown`, { accept: TABLE }).json).toMatchObject({
      kind: 'Table',
      rows: [{ cells: expect.arrayContaining(['shown']), object: { kind: 'PartialObjectMetadata' } }],
    });
    const partial = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    expect(ask(`GET ${SILENCES}`, { accept: partial }).json).toMatchObject({ kind: 'PartialObjectMetadataList' });
    expect(ask(`GET ${SILENCES}/shown`, { accept: 'application/yaml' }).body).toContain('name: shown\n');
    expect(ask(`GET ${SILENCES}/shown`, { accept: 'application/cbor' })).toMatchObject({ status: 406 });
  });

  it('warn of unknown fields in a header that nobody can break out of', () => {
    const body = { ...silence('odd'), spec: { duration: '1h', 'x\r\nset-cookie: a=b': 1, 'ü"': 2 } };
    const { status, headers } = ask(`POST ${SILENCES}`, { body });
    expect(status).toBe(201);
    for (const line of [headers['warning'] ?? []].flat()) expect(line).toMatch(/^[\x20-\x7e\x80-\xff]+$/);
  });

  it('warn of fields given twice, or are refused for them', () => {
    const body = JSON.stringify(silence('twice')).replace('"duration":"1h"', '"duration":"1h","duration":"2h"');
    expect(ask(`POST ${SILENCES}?fieldValidation=Strict`, { body }).json).toMatchObject({
      code: 400,
      message:
        'Silence in version "v1alpha1" cannot be handled as a Silence: strict decoding error: duplicate field "spec.duration"',
    });
    expect(ask(`POST ${SILENCES}?dryRun=All`, { body }).headers['warning']).toEqual([
      String.raw`299 - "duplicate field \"spec.duration\""`,
    ]);
  });

  it('are refused in a namespace that is not there, and kept by a namespace that is', () => {
    const path = '/apis/foghorn.dev/v1alpha1/namespaces/team/silences';
    const body = { ...silence('a'), metadata: { name: 'a' } };
    expect(ask(`POST ${path}`, { body }).json).toMatchObject({ code: 404, message: 'namespaces "team" not found' });
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } };
    expect(ask('POST /api/v1/namespaces', { body: namespace })).toMatchObject({
      status: 201,
      json: { status: { phase: 'Active' }, metadata: { labels: { 'kubernetes.io/metadata.name': 'team' } } },
    });
    expect(ask(`POST ${path}`, { body }).status).toBe(201);
    expect(ask('DELETE /api/v1/namespaces/team').status).toBe(200);
    expect(ask(`GET ${path}`).json).toMatchObject({ items: [] });
    expect(ask('DELETE /api/v1/namespaces/default').json).toMatchObject({ code: 403 });
  });

  it('of Secrets hold what was written as text in base64', () => {
    const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'b' } };
    expect(ask('POST /api/v1/namespaces/default/secrets', { body }).json).toMatchObject({
      type: 'Opaque',
      data: { a: 'Yg==' },
    });
  });

  it('of events have two names for one thing', () => {
    const path = '/apis/events.k8s.io/v1/namespaces/default/events';
    const regarding = { kind: 'Silence', name: 'x', namespace: 'default' };
    const event = { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: 'e1' }, regarding, note: 'hello' };
    expect(ask(`POST ${path}`, { body: event }).json).toMatchObject({
      code: 422,
      message: 'Event "e1" is invalid: [eventTime: Required value, type: Invalid value: "": has invalid value: ]',
    });
    const whole = { ...event, type: 'Normal', eventTime: '2026-11-22T10:00:00.000000Z' };
    expect(ask(`POST ${path}`, { body: whole }).json).toMatchObject({ apiVersion: 'events.k8s.io/v1', note: 'hello' });
    expect(ask('GET /api/v1/namespaces/default/events/e1').json).toMatchObject({
      message: 'hello',
      involvedObject: regarding,
    });
    const merge = { body: { note: 'bye' }, type: 'application/merge-patch+json' };
    expect(ask(`PATCH ${path}/e1`, merge).json).toMatchObject({ note: 'bye', regarding });
    expect(ask(`GET ${path}?fieldSelector=regarding.name%3Dx`).json).toMatchObject({ items: [{ note: 'bye' }] });
    expect(ask(`GET ${path}`, { accept: TABLE }).json).toMatchObject({
      rows: [{ cells: expect.arrayContaining(['bye']) }],
    });
    expect(ask(`DELETE ${path}/e1`).status).toBe(200);
  });

  it('that define kinds can be labelled, and neither made, changed nor deleted', () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/silences.foghorn.dev';
    const merge = (body: unknown) => ask(`PATCH ${path}`, { body, type: 'application/merge-patch+json' });
    expect(merge({ metadata: { labels: { a: 'b' } } }).status).toBe(200);
    expect(merge({ spec: { scope: 'Cluster' } }).json).toMatchObject({ code: 403 });
    expect(ask(`DELETE ${path}`).json).toMatchObject({ code: 403 });
    expect(ask(`GET ${path}`).json).toMatchObject({ spec: { scope: 'Namespaced' } });
  });

  it.each([
    ['?dryRun=Some', 'dryRun: Unsupported value: ["Some"]: supported values: "All"'],
    ['?fieldValidation=Nope', 'fieldValidation: Unsupported value: "Nope"'],
  ])('are refused with %s', (query, message) => {
    expect(ask(`POST ${SILENCES}${query}`, { body: silence('q') }).json).toMatchObject({
      code: 422,
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['?limit=x', 400],
    ['?resourceVersion=abc', 400],
    ['?resourceVersion=99999999', 504],
    ['?resourceVersionMatch=Exact', 422],
    ['?sendInitialEvents=true', 422],
    ['?watch=1&sendInitialEvents=true', 422],
    ['?watch=1&resourceVersion=abc', 400],
    ['?labelSelector=a%3Db%3Dc', 400],
    ['?fieldSelector=spec.nope%3D1', 400],
    ['?continue=%00', 400],
  ])('are not listed with %s (%d)', (query, code) => {
    expect(ask(`GET ${SILENCES}${query}`).json).toMatchObject({ kind: 'Status', code });
  });
});

describe('whatever is sent', () => {
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE');
  const type = fc.constantFrom(
    'application/json',
    'application/yaml',
    'application/merge-patch+json',
    'application/json-patch+json',
    'application/apply-patch+yaml',
    'application/vnd.kubernetes.protobuf',
    'text/plain',
  );
  const part = fc.constantFrom(
    'apis',
    'api',
    'v1',
    'foghorn.dev',
    'v1alpha1',
    'namespaces',
    'default',
    'silences',
    'x',
    'status',
    '%2e',
    '__proto__',
  );
  const path = fc.array(part, { maxLength: 8 }).map((parts) => `/${parts.join('/')}`);
  const query = fc.dictionary(
    fc.constantFrom(
      'labelSelector',
      'fieldSelector',
      'limit',
      'continue',
      'fieldManager',
      'force',
      'dryRun',
      'timeoutSeconds',
    ),
    fc.string({ maxLength: 20 }),
  );
  const body = fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.string(),
    fc
      .json({ maxDepth: 3 })
      .map((spec) => `{"apiVersion":"foghorn.dev/v1alpha1","kind":"Silence","metadata":{"name":"f"},"spec":${spec}}`),
  );

  it('is answered below 500', () => {
    fc.assert(
      fc.property(
        method,
        fc.oneof(path, fc.constantFrom(SILENCES, `${SILENCES}/x`)),
        type,
        fc.tuple(query, body),
        (verb, to, as, [asked, sent]) => {
          const url = `${to}?${new URLSearchParams(asked).toString()}`;
          expect(ask(`${verb} ${url}`, { body: sent, type: as }).status).toBeLessThan(500);
          expect(Object.prototype).not.toHaveProperty('polluted');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each(['/%zz', '/apis/foghorn.dev/v1alpha1/namespaces/%/silences'])('also of the path %s', (to) => {
    expect(ask(`GET ${to}`).json).toMatchObject({ code: 400 });
  });
});
