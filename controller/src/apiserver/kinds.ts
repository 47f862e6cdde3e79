import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { FoghornError, errorMessage } from '../errors.ts';
import type { Resource } from '../kube/client.ts';
import { notServed, resourceName } from '../kube/status.ts';
import { isRecord, own, type JsonRecord } from './json.ts';
import { builtinKinds } from './builtin-kinds.ts';
import { ageColumn, cellOf } from './cells.ts';
import { compileJsonPath } from './json-path.ts';
import type { KindDefinition, KindNames, PrinterColumn } from './kind.ts';
import { parseSchema } from './schema/structural.ts';

export interface Kinds {
  /** Throws NotFound for a resource that is not served. */
  of(resource: Pick<Resource, 'group' | 'plural'>): KindDefinition;
  readonly all: readonly KindDefinition[];
}

/** The kinds of every CRD file in the folder, and the built-in ones. Throws InvalidConfig naming the file. */
export async function loadKinds(crdDir: string): Promise<Kinds> {
  const files = (await readdir(crdDir)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const crds = await Promise.all(files.map((name) => loadCrd(join(crdDir, name))));
  return createKinds([...crds, ...builtinKinds]);
}

export function createKinds(all: readonly KindDefinition[]): Kinds {
  const byName = new Map(all.map((kind) => [resourceName(kind.resource), kind]));
  return {
    all,
    of(resource) {
      const found = byName.get(resourceName(resource));
      if (found === undefined) throw notServed();
      return found;
    },
  };
}

async function loadCrd(file: string): Promise<KindDefinition> {
  try {
    return parseCrd(parse(await readFile(file, 'utf8')));
  } catch (thrown) {
    throw new FoghornError('InvalidConfig', `${file}: ${errorMessage(thrown)}`, { cause: thrown });
  }
}

/** Reads one CustomResourceDefinition with one version. */
export function parseCrd(crd: unknown): KindDefinition {
  const spec = record(at(crd, 'spec'), 'spec');
  const names = record(own(spec, 'names'), 'spec.names');
  const versions = own(spec, 'versions');
  const version = record(Array.isArray(versions) ? versions[0] : undefined, 'spec.versions[0]');
  return {
    resource: {
      group: text(own(spec, 'group'), 'spec.group'),
      version: text(own(version, 'name'), 'spec.versions[0].name'),
      plural: text(own(names, 'plural'), 'spec.names.plural'),
      kind: text(own(names, 'kind'), 'spec.names.kind'),
      namespaced: own(spec, 'scope') === 'Namespaced',
    },
    schema: parseSchema(at(own(version, 'schema'), 'openAPIV3Schema'), 'openAPIV3Schema'),
    hasStatus: at(own(version, 'subresources'), 'status') !== undefined,
    countsGenerations: true,
    requiresResourceVersion: true,
    selectableFields: selectable(own(version, 'selectableFields')),
    names: parseNames(names),
    columns: parseColumns(own(version, 'additionalPrinterColumns')),
    definition: record(crd, 'the definition'),
  };
}

function parseNames(names: JsonRecord): KindNames {
  const kind = text(own(names, 'kind'), 'spec.names.kind');
  return {
    singular: textOr(own(names, 'singular'), kind.toLowerCase()),
    list: textOr(own(names, 'listKind'), `${kind}List`),
    short: texts(own(names, 'shortNames')),
    categories: texts(own(names, 'categories')),
  };
}

/** A definition without columns of its own has the age, as an API server adds it. */
function parseColumns(value: unknown): readonly PrinterColumn[] {
  if (!Array.isArray(value)) return [ageColumn];
  return value.map((entry: unknown) => {
    const path = text(at(entry, 'jsonPath'), 'additionalPrinterColumns.jsonPath');
    const priority = at(entry, 'priority');
    const type = textOr(at(entry, 'type'), 'string');
    return {
      name: text(at(entry, 'name'), 'additionalPrinterColumns.name'),
      type,
      format: textOr(at(entry, 'format'), ''),
      description: textOr(at(entry, 'description'), `Custom resource definition column (in JSONPath format): ${path}`),
      priority: typeof priority === 'number' ? priority : 0,
      cell: cellReader(compileJsonPath(path), type),
    };
  });
}

function cellReader(read: (object: unknown) => unknown, type: string): PrinterColumn['cell'] {
  return (object, nowMs) => cellOf(read(object), type, nowMs);
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function selectable(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: unknown) => text(at(entry, 'jsonPath'), 'selectableFields').replace(/^\./, ''));
}

function at(value: unknown, key: string): unknown {
  return isRecord(value) ? own(value, key) : undefined;
}

function record(value: unknown, path: string) {
  if (!isRecord(value)) throw new FoghornError('InvalidConfig', `${path} is missing`);
  return value;
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new FoghornError('InvalidConfig', `${path} is missing`);
  return value;
}
