import { events, type KubeObject, type Resource, type WatchEvent } from '../kube/client.ts';
import { invalid, invalidValue, requiredValue, resourceName, type FieldError } from '../kube/status.ts';
import { isRecord, own, type JsonRecord } from './json.ts';
import type { KindDefinition } from './kind.ts';
import { createKinds, type Kinds } from './kinds.ts';
import type { Api, Selection } from './operations.ts';
import { parseSchema } from './schema/structural.ts';

/** The events of core/v1 under the names that events.k8s.io/v1 gave them; both are the same objects. */
export const newEvents: Resource = { ...events, group: 'events.k8s.io' };

/** Names of core/v1 and of events.k8s.io/v1; all others are the same. */
const renamed: readonly (readonly [core: string, renamed: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];
const toNew: ReadonlyMap<string, string> = new Map(renamed);
const toCore: ReadonlyMap<string, string> = new Map(renamed.map(([core, name]) => [name, core]));
const freeForm = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** The API with the new name of events besides the old. */
export function serveNewEvents({ api, kinds }: { readonly api: Api; readonly kinds: Kinds }): {
  readonly api: Api;
  readonly kinds: Kinds;
} {
  return {
    kinds: createKinds([...kinds.all, newKind(kinds.of(events))]),
    api: {
      ...api,
      get: (resource, namespace, name) =>
        isNew(resource) ? newForm(api.get(events, namespace, name)) : api.get(resource, namespace, name),
      list(resource, options) {
        if (!isNew(resource)) return api.list(resource, options);
        const page = api.list(events, coreSelection(options ?? {}));
        return { ...page, items: page.items.map(newForm) };
      },
      watch: (resource, options) =>
        isNew(resource) ? renamedEvents(api.watch(events, coreSelection(options))) : api.watch(resource, options),
      create: (resource, namespace, body, options) =>
        isNew(resource)
          ? written(api.create(events, namespace, coreForm(checkedEvent(body)), options))
          : api.create(resource, namespace, body, options),
      update: (resource, target, body, options) =>
        isNew(resource)
          ? written(api.update(events, target, coreForm(checkedEvent(body)), options))
          : api.update(resource, target, body, options),
      patch: (resource, target, patch, options) =>
        isNew(resource)
          ? written(api.patch(events, target, { ...patch, body: corePatch(patch.body) }, options))
          : api.patch(resource, target, patch, options),
      apply: (resource, target, body, options) =>
        isNew(resource)
          ? written(api.apply(events, target, coreForm(body), options))
          : api.apply(resource, target, body, options),
      delete: (resource, target, options) =>
        isNew(resource) ? newForm(api.delete(events, target, options)) : api.delete(resource, target, options),
      deleteCollection: (resource, selection, options) =>
        isNew(resource)
          ? api.deleteCollection(events, coreSelection(selection), options).map(newForm)
          : api.deleteCollection(resource, selection, options),
    },
  };
}

function isNew(resource: Resource): boolean {
  return resourceName(resource) === resourceName(newEvents);
}

function written<Answer extends { readonly object: KubeObject }>(answer: Answer): Answer {
  return { ...answer, object: newForm(answer.object) };
}

function newKind(kind: KindDefinition): KindDefinition {
  return {
    ...kind,
    resource: newEvents,
    schema: parseSchema(
      { ...freeForm, description: kind.schema.raw['description'] ?? 'A report of an event.' },
      'Event',
    ),
    columns: kind.columns.map((column) => ({
      ...column,
      cell: (object, nowMs) => column.cell(coreForm(object) as KubeObject, nowMs),
    })),
  };
}

/** An event in the new form. */
function newForm(event: KubeObject): KubeObject {
  const { apiVersion: _version, kind, metadata, ...rest } = event;
  // the renamed fields are no part of what every object has
  return { apiVersion: 'events.k8s.io/v1', kind, metadata, ...rename({ ...rest }, toNew) };
}

/** Whatever was sent in the new form, in the old one; what is no object is left for the old one to refuse. */
function coreForm(body: unknown): unknown {
  if (!isRecord(body)) return body;
  const isNewForm = own(body, 'apiVersion') === 'events.k8s.io/v1';
  return { ...rename(body, toCore), ...(isNewForm ? { apiVersion: 'v1' } : {}) };
}

function rename(record: JsonRecord, names: ReadonlyMap<string, string>): JsonRecord {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [names.get(key) ?? key, value]));
}

function corePatch(patch: unknown): unknown {
  if (!Array.isArray(patch)) return coreForm(patch);
  return patch.map((operation: unknown) => {
    if (!isRecord(operation)) return operation;
    const paths = ['path', 'from'].flatMap((key): [string, unknown][] => {
      const path = own(operation, key);
      return typeof path === 'string' ? [[key, corePointer(path)]] : [];
    });
    return { ...operation, ...Object.fromEntries(paths) };
  });
}

function corePointer(path: string): string {
  const [root = '', first = '', ...rest] = path.split('/');
  return [root, toCore.get(first) ?? first, ...rest].join('/');
}

function coreSelection<Options extends Selection>(options: Options): Options {
  const { fieldSelector } = options;
  if (fieldSelector === undefined) return options;
  return { ...options, fieldSelector: fieldSelector.replaceAll(/(^|,)regarding\./g, '$1involvedObject.') };
}

async function* renamedEvents(watched: AsyncIterable<WatchEvent>): AsyncGenerator<WatchEvent> {
  for await (const event of watched) {
    yield event.type === 'BOOKMARK' ? event : { ...event, object: newForm(event.object) };
  }
}

/** What the new form requires and the old one does not. */
function checkedEvent(body: unknown): unknown {
  if (!isRecord(body)) return body;
  const metadata = own(body, 'metadata');
  const name = isRecord(metadata) ? own(metadata, 'name') : undefined;
  const given = own(body, 'type');
  const type = typeof given === 'string' ? given : '';
  const errors: readonly FieldError[] = [
    ...(typeof own(body, 'eventTime') === 'string' ? [] : [requiredValue('eventTime')]),
    ...(type === 'Normal' || type === 'Warning' ? [] : [invalidValue('type', type, `has invalid value: ${type}`)]),
  ];
  if (errors.length > 0) throw invalid(events, typeof name === 'string' ? name : '', errors);
  return body;
}
