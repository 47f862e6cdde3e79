import { createHash } from 'node:crypto';
import { isRecord, own, type JsonRecord } from '../json.ts';
import type { KindDefinition } from '../kind.ts';
import { apiVersionField, kindField, listMetadataField, metadataField, metaSchemas } from './openapi-meta.ts';

/** The documents of `/openapi/v3`: one for each group and version, made at first need. */
export interface OpenApi {
  /** Where each document is, under a URL that changes when it does. */
  index(): unknown;
  /** By `apis/foghorn.dev/v1alpha1`; undefined when nothing is served there. */
  document(path: string): OpenApiDocument | undefined;
}

export interface OpenApiDocument {
  readonly body: string;
  readonly hash: string;
}

const TITLE = 'Foghorn';

export function createOpenApi(kinds: readonly KindDefinition[], version: string): OpenApi {
  const byPath = Map.groupBy(kinds, (kind) => pathOf(kind));
  const made = new Map<string, OpenApiDocument>();
  const document = (path: string): OpenApiDocument | undefined => {
    const found = byPath.get(path);
    if (found === undefined) return undefined;
    const known = made.get(path) ?? render(found, version);
    made.set(path, known);
    return known;
  };
  return {
    document,
    index: () => ({
      paths: Object.fromEntries(
        [...byPath.keys()]
          .sort()
          .map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${document(path)?.hash ?? ''}` }]),
      ),
    }),
  };
}

function pathOf({ resource: { group, version } }: KindDefinition): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function render(kinds: readonly KindDefinition[], version: string): OpenApiDocument {
  const body = JSON.stringify({
    openapi: '3.0.0',
    info: { title: TITLE, version },
    paths: Object.assign({}, ...kinds.map(pathsOf)) as unknown,
    components: { schemas: Object.assign({}, ...kinds.map(schemasOf), metaSchemas) as unknown },
  });
  return { body, hash: createHash('sha512').update(body).digest('hex').toUpperCase() };
}

/** `dev.foghorn.v1alpha1.MonitorPolicy`. */
function schemaName({ resource: { group, version, kind } }: KindDefinition): string {
  const prefix = group === '' ? 'io.k8s.api.core' : group.split('.').toReversed().join('.');
  return `${prefix}.${version}.${kind}`;
}

function schemasOf(kind: KindDefinition): JsonRecord {
  const { group, version } = kind.resource;
  const name = schemaName(kind);
  const raw = kind.schema.raw;
  const properties = own(raw, 'properties');
  return {
    [name]: {
      ...raw,
      properties: {
        ...(isRecord(properties) ? properties : {}),
        apiVersion: apiVersionField,
        kind: kindField,
        metadata: metadataField,
      },
      'x-kubernetes-group-version-kind': [{ group, version, kind: kind.resource.kind }],
    },
    [`${name}List`]: {
      type: 'object',
      description: `${kind.names.list} is a list of ${kind.resource.kind}`,
      required: ['items'],
      properties: {
        apiVersion: apiVersionField,
        kind: kindField,
        metadata: listMetadataField,
        items: {
          type: 'array',
          description: `List of ${kind.resource.plural}.`,
          items: { $ref: `#/components/schemas/${name}` },
        },
      },
      'x-kubernetes-group-version-kind': [{ group, version, kind: kind.names.list }],
    },
  };
}

type Operation = readonly [method: string, action: string];

const ofMany: readonly Operation[] = [
  ['get', 'list'],
  ['post', 'post'],
  ['delete', 'deletecollection'],
];
const ofOne: readonly Operation[] = [
  ['get', 'get'],
  ['put', 'put'],
  ['patch', 'patch'],
  ['delete', 'delete'],
];
const ofStatus: readonly Operation[] = [
  ['get', 'get'],
  ['put', 'put'],
  ['patch', 'patch'],
];

function pathsOf(kind: KindDefinition): JsonRecord {
  const { plural, namespaced } = kind.resource;
  const base = `/${pathOf(kind)}`;
  const many = namespaced ? `${base}/namespaces/{namespace}/${plural}` : `${base}/${plural}`;
  return {
    ...(namespaced ? { [`${base}/${plural}`]: pathItem(kind, [['get', 'list']]) } : {}),
    [many]: pathItem(kind, ofMany),
    [`${many}/{name}`]: pathItem(kind, ofOne),
    ...(kind.hasStatus ? { [`${many}/{name}/status`]: pathItem(kind, ofStatus) } : {}),
  };
}

/** kubectl asks whether a PATCH takes `fieldValidation`, and which types of patches there are. */
function pathItem(kind: KindDefinition, operations: readonly Operation[]): unknown {
  const { group, version } = kind.resource;
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schemaName(kind)}` } } };
  return Object.fromEntries(
    operations.map(([method, action]) => [
      method,
      {
        description: `${action} ${kind.resource.kind}`,
        ...(method === 'get' || method === 'delete'
          ? {}
          : { parameters: writeParameters, requestBody: { content: bodyOf(kind, method, content) } }),
        responses: { '200': { description: 'OK', content } },
        'x-kubernetes-action': action,
        'x-kubernetes-group-version-kind': { group, version, kind: kind.resource.kind },
      },
    ]),
  );
}

const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));

function bodyOf(kind: KindDefinition, method: string, content: JsonRecord): JsonRecord {
  if (method !== 'patch') return content;
  const patch = { schema: { type: 'object' } };
  return {
    'application/apply-patch+yaml': patch,
    'application/json-patch+json': patch,
    'application/merge-patch+json': patch,
    ...(kind.definition === undefined ? { 'application/strategic-merge-patch+json': patch } : {}),
  };
}
