import { isDeepStrictEqual } from 'node:util';
import { customResourceDefinitions } from './builtin-resources.ts';
import { isRecord, own, type JsonRecord } from './json.ts';
import type { KindDefinition } from './kind.ts';
import type { Kinds } from './kinds.ts';
import type { Api, WriteOptions } from './operations.ts';
import { timestamp } from './schema/date-time.ts';
import { isFoghornError } from '../errors.ts';

/**
 * Keeps a CustomResourceDefinition object for each kind that is served, so that clients find them as in a cluster; those
 * of kinds that are served no more are taken away.
 */
export function publishDefinitions(api: Api, kinds: Kinds, options: WriteOptions, nowMs: number): void {
  const resource = customResourceDefinitions;
  const wanted = new Map(kinds.all.flatMap((kind) => definitionOf(kind)));
  for (const { metadata } of api.list(resource).items) {
    if (!wanted.has(metadata.name)) api.delete(resource, { namespace: '', name: metadata.name });
  }
  for (const [name, spec] of wanted) {
    const target = { namespace: '', name };
    const body = { apiVersion: `${resource.group}/${resource.version}`, kind: resource.kind, metadata: { name }, spec };
    const old = find(api, name);
    if (old === undefined) api.create(resource, '', body, options);
    else if (!isDeepStrictEqual(old.spec, spec)) api.update(resource, target, { ...old, spec }, options);
    const present = api.get(resource, '', name);
    if (present.status === undefined) {
      api.updateStatus(resource, target, { ...present, status: statusOf(spec, nowMs) }, options);
    }
  }
}

function find(api: Api, name: string) {
  try {
    return api.get(customResourceDefinitions, '', name);
  } catch (thrown) {
    if (isFoghornError(thrown, 'NotFound')) return undefined;
    throw thrown;
  }
}

/** With what an API server fills in. */
function definitionOf({ definition, names, resource }: KindDefinition): readonly (readonly [string, JsonRecord])[] {
  const spec = definition === undefined ? undefined : own(definition, 'spec');
  if (!isRecord(spec)) return [];
  const given = own(spec, 'names');
  const whole = { ...(isRecord(given) ? given : {}), singular: names.singular, listKind: names.list };
  return [[`${resource.plural}.${resource.group}`, { conversion: { strategy: 'None' }, ...spec, names: whole }]];
}

function statusOf(spec: JsonRecord, nowMs: number): unknown {
  const lastTransitionTime = timestamp(nowMs);
  const versions = own(spec, 'versions');
  return {
    acceptedNames: own(spec, 'names'),
    conditions: [
      {
        type: 'NamesAccepted',
        status: 'True',
        lastTransitionTime,
        reason: 'NoConflicts',
        message: 'no conflicts found',
      },
      {
        type: 'Established',
        status: 'True',
        lastTransitionTime,
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
    ],
    storedVersions: Array.isArray(versions)
      ? versions.map((version: unknown) => (isRecord(version) ? own(version, 'name') : undefined))
      : [],
  };
}
