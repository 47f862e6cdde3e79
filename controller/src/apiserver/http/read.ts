import type { KubeObject, Resource } from '../../kube/client.ts';
import { expired, notFound, StatusError } from '../../kube/status.ts';
import type { KindDefinition } from '../kind.ts';
import type { ListPage, ListPageOptions } from '../operations.ts';
import { formAnswer, type Answer } from './answer.ts';
import type { HandlerDeps, KindRequest } from './context.ts';
import { parseListQuery, parseVersion, type ListQuery } from './list-options.ts';
import { negotiate, type Form } from './negotiate.ts';
import { partialOf, tableOf, type IncludeObject } from './table.ts';

const RETRY_AFTER_SECONDS = 1;

/** Answers `GET` of one object, or of its status. */
export function answerGet(deps: HandlerDeps, request: KindRequest): Answer {
  const { info, kind, query } = request;
  const form = negotiate(request.headers.accept);
  const { name = '', namespace = '', subresource } = info;
  if (subresource !== undefined && !(subresource === 'status' && kind.hasStatus)) throw notFound(kind.resource, name);
  const version = parseVersion(query.get('resourceVersion') || undefined);
  checkNotFuture(deps, kind.resource, version);
  const object = deps.api.get(kind.resource, namespace, name);
  return objectAnswer(deps, kind, object, { status: 200, form, query, headers: {} });
}

/** One object in the form that was asked for. */
export function objectAnswer(
  { clock }: Pick<HandlerDeps, 'clock'>,
  kind: KindDefinition,
  object: KubeObject,
  how: {
    readonly status: number;
    readonly form: Form;
    readonly query: URLSearchParams;
    readonly headers: Answer['headers'];
  },
): Answer {
  const { status, form, headers } = how;
  switch (form.as) {
    case undefined:
      return formAnswer(status, object, form, headers);
    case 'Table': {
      const metadata = { resourceVersion: object.metadata.resourceVersion };
      const shown = { metaVersion: form.metaVersion, include: includeOf(how.query), nowMs: clock.now() };
      return formAnswer(status, tableOf(kind, [object], { ...shown, metadata, withColumns: true }), form, headers);
    }
    default:
      return formAnswer(status, partialOf(object, form.metaVersion), form, headers);
  }
}

/** Answers `GET` of all objects, or of those in a namespace. */
export function answerList(deps: HandlerDeps, request: KindRequest): Answer {
  const form = negotiate(request.headers.accept);
  const query = parseListQuery(request.query);
  const page = listAt(deps, request, query);
  return formAnswer(200, shownPage(deps, request, form, page), form);
}

function shownPage(deps: HandlerDeps, { kind, query }: KindRequest, form: Form, page: ListPage): unknown {
  const rest = {
    ...(page.continue === undefined ? {} : { continue: page.continue }),
    ...(page.remainingItemCount === undefined ? {} : { remainingItemCount: page.remainingItemCount }),
  };
  const metadata = { resourceVersion: page.resourceVersion, ...rest };
  switch (form.as) {
    case undefined:
      return listOf(kind, page.items, metadata);
    case 'Table': {
      const shown = { metaVersion: form.metaVersion, include: includeOf(query), nowMs: deps.clock.now() };
      return tableOf(kind, page.items, { ...shown, metadata, withColumns: true });
    }
    default:
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: `meta.k8s.io/${form.metaVersion}`,
        metadata,
        items: page.items.map((object) => partialOf(object, form.metaVersion)),
      };
  }
}

/** Lists of custom resources always have `continue`, and their items name their kind; those of built-in kinds do not. */
export function listOf(kind: KindDefinition, objects: readonly KubeObject[], metadata: object): unknown {
  const { group, version } = kind.resource;
  const isCustom = kind.definition !== undefined;
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind: kind.names.list,
    metadata: isCustom ? { continue: '', ...metadata } : metadata,
    items: isCustom ? objects : objects.map(({ apiVersion: _version, kind: _kind, ...rest }) => rest),
  };
}

export function includeOf(query: URLSearchParams): IncludeObject {
  const found = query.get('includeObject');
  return found === 'None' || found === 'Object' ? found : 'Metadata';
}

/** The namespace and the selectors of a list or a watch. */
export function selectionOf({ info }: KindRequest, query: ListQuery): ListPageOptions {
  return {
    ...(info.namespace === undefined ? {} : { namespace: info.namespace }),
    ...(query.labelSelector === undefined ? {} : { labelSelector: query.labelSelector }),
    ...(query.fieldSelector === undefined ? {} : { fieldSelector: query.fieldSelector }),
  };
}

function listAt(deps: HandlerDeps, request: KindRequest, query: ListQuery): ListPage {
  const version = parseVersion(query.resourceVersion);
  checkNotFuture(deps, request.kind.resource, version);
  const isExact =
    query.resourceVersionMatch === 'Exact' || (query.limit > 0 && query.resourceVersionMatch === undefined);
  const page = deps.api.list(request.kind.resource, {
    ...selectionOf(request, query),
    ...(query.limit === 0 || isFromCache(query) ? {} : { limit: query.limit }),
    ...(query.continue === undefined ? {} : { continue: query.continue }),
  });
  const wanted = version === undefined || version === 0 || !isExact ? undefined : version;
  if (wanted === undefined || String(wanted) === page.resourceVersion) return page;
  if (page.items.some(({ metadata }) => Number(metadata.resourceVersion) > wanted)) {
    throw expired(`The resourceVersion for the provided list is too old: ${wanted}`);
  }
  return page;
}

/** Version 0 asks for whatever is at hand: an API server then gives all of it, from its cache. */
function isFromCache(query: ListQuery): boolean {
  return query.resourceVersion === '0' && query.continue === undefined;
}

function checkNotFuture({ api }: HandlerDeps, resource: Resource, version: number | undefined): void {
  const current = api.resourceVersion(resource);
  if (version === undefined || version <= current) return;
  throw new StatusError('Unavailable', {
    message: `Timeout: Too large resource version: ${version}, current: ${current}`,
    reason: 'Timeout',
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    },
    code: 504,
  });
}
