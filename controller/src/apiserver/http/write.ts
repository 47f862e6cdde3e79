import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../kube/client.ts';
import { badRequest, invalidOptions, notFound } from '../../kube/status.ts';
import { namespaces } from '../builtin-resources.ts';
import type { KindDefinition } from '../kind.ts';
import type { Part, Target, WriteOptions, Written } from '../operations.ts';
import { formAnswer, jsonAnswer, notAllowed, warningHeaders, type Answer } from './answer.ts';
import { decodeBody, decodePatch } from './body.ts';
import { decodeObject, duplicateFaults } from './decode-object.ts';
import type { HandlerDeps, KindRequest } from './context.ts';
import { checkNamespaceExists, definitionFixed, emptyNamespace, isDefinition } from './guards.ts';
import { isTrue, parseListQuery } from './list-options.ts';
import { negotiate } from './negotiate.ts';
import { listOf, objectAnswer, selectionOf } from './read.ts';
import { parseDeleteOptions, parseWriteQuery } from './write-options.ts';

/** Answers `POST`. */
export function answerCreate(deps: HandlerDeps, request: KindRequest): Answer {
  const { info, kind } = request;
  if (info.subresource !== undefined) throw notFound(kind.resource, info.name ?? '');
  if (isDefinition(request)) throw definitionFixed(request);
  checkNamespaceExists(deps, request);
  const body = decodeObject(request);
  const options = parseWriteQuery('CreateOptions', request.query, request.headers.userAgent);
  const faults = duplicateFaults(request, options);
  const created = deps.api.create(kind.resource, info.namespace ?? '', body, options);
  return written(deps, request, 201, warned(created, faults));
}

/** Answers `PUT` of an object or of its status. */
export function answerUpdate(deps: HandlerDeps, request: KindRequest): Answer {
  const { kind } = request;
  const target = targetOf(request);
  const part = partOf(request);
  const body = decodeObject(request);
  const options = parseWriteQuery('UpdateOptions', request.query, request.headers.userAgent);
  const faults = duplicateFaults(request, options);
  const update = part === 'main' ? deps.api.update : deps.api.updateStatus;
  return guarded(deps, request, options, (how) => warned(update(kind.resource, target, body, how), faults));
}

/** Answers `PATCH` of an object or of its status. */
export function answerPatch(deps: HandlerDeps, request: KindRequest): Answer {
  const { kind, query, headers } = request;
  const target = targetOf(request);
  const part = partOf(request);
  const { type, patch } = decodePatch(headers.contentType, request.body, kind.definition === undefined);
  const options = { ...parseWriteQuery('PatchOptions', query, headers.userAgent), part };
  if (type !== 'apply') {
    if (query.has('force')) throw forceForbidden();
    return guarded(deps, request, options, (how) => deps.api.patch(kind.resource, target, { type, body: patch }, how));
  }
  checkNamespaceExists(deps, request);
  if (isDefinition(request)) throw definitionFixed(request);
  const applied = deps.api.apply(kind.resource, target, patch, {
    ...options,
    // the user agent does not stand for a manager here
    fieldManager: query.get('fieldManager') ?? '',
    force: isTrue(query, 'force'),
  });
  return written(deps, request, applied.isNew ? 201 : 200, applied);
}

function forceForbidden(): Error {
  const message = 'Forbidden: may not be specified for non-apply patch';
  return invalidOptions('PatchOptions', [{ type: 'Forbidden', field: 'force', message }]);
}

/** Answers `DELETE` of one object. */
export function answerDelete(deps: HandlerDeps, request: KindRequest): Answer {
  const { info, kind } = request;
  const target = targetOf(request);
  if (info.subresource !== undefined) throw notFound(kind.resource, target.name);
  const options = parseDeleteOptions(request.query, deleteBody(request));
  if (isDefinition(request)) throw definitionFixed(request);
  if (kind.resource.kind === namespaces.kind && options.dryRun !== true) {
    // what the caller asks of it must hold before anything in it goes
    deps.api.delete(kind.resource, target, { ...options, dryRun: true });
    emptyNamespace(deps, target.name);
  }
  const object = deps.api.delete(kind.resource, target, options);
  const form = negotiate(request.headers.accept);
  if (object.metadata.finalizers !== undefined)
    return objectAnswer(deps, kind, object, { status: 200, form, query: request.query, headers: {} });
  return jsonAnswer(200, deletedStatus(kind, object));
}

/** Answers `DELETE` of all objects in a namespace, or of those that the selectors name. */
export function answerDeleteCollection(deps: HandlerDeps, request: KindRequest): Answer {
  const { kind, query } = request;
  if (kind.resource.kind === namespaces.kind) throw notAllowed(request.info);
  if (isDefinition(request)) throw definitionFixed(request);
  const options = parseDeleteOptions(query, deleteBody(request));
  const list = parseListQuery(query);
  const objects = deps.api.deleteCollection(kind.resource, selectionOf(request, list), options);
  const form = negotiate(request.headers.accept);
  return formAnswer(
    200,
    listOf(kind, objects, { resourceVersion: String(deps.api.resourceVersion(kind.resource)) }),
    form,
  );
}

function deletedStatus(kind: KindDefinition, { metadata }: KubeObject): unknown {
  const { group, plural } = kind.resource;
  const details = { name: metadata.name, ...(group === '' ? {} : { group }), kind: plural, uid: metadata.uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

function deleteBody({ body, headers }: KindRequest): unknown {
  return body.length === 0 ? undefined : decodeBody(headers.contentType, body);
}

/** Writes, after a trial that shows whether a definition would become another. */
function guarded<Options extends WriteOptions>(
  deps: HandlerDeps,
  request: KindRequest,
  options: Options,
  write: (options: Options) => Written,
): Answer {
  if (isDefinition(request)) {
    const before = deps.api.get(request.kind.resource, '', request.info.name ?? '');
    const after = write({ ...options, dryRun: true });
    if (!isDeepStrictEqual(before.spec, after.object.spec)) throw definitionFixed(request);
  }
  return written(deps, request, 200, write(options));
}

function warned(done: Written, faults: readonly string[]): Written {
  return { ...done, warnings: [...faults, ...done.warnings] };
}

function written(deps: HandlerDeps, request: KindRequest, status: number, { object, warnings }: Written): Answer {
  const form = negotiate(request.headers.accept);
  return objectAnswer(deps, request.kind, object, {
    status,
    form,
    query: request.query,
    headers: warningHeaders(warnings),
  });
}

function targetOf({ info }: KindRequest): Target {
  if (info.name === undefined) throw badRequest('name must be provided');
  return { namespace: info.namespace ?? '', name: info.name };
}

function partOf({ info, kind }: KindRequest): Part {
  if (info.subresource === undefined) return 'main';
  if (info.subresource === 'status' && kind.hasStatus) return 'status';
  throw notFound(kind.resource, info.name ?? '');
}
