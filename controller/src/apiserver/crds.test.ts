import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { parseCrd, type Kinds } from './kinds.ts';
import type { Schema } from './schema/structural.ts';

const crdDir = join(import.meta.dirname, '../../../crds');
const crds = readdirSync(crdDir)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => [file, parse(readFileSync(join(crdDir, file), 'utf8')) as Crd] as const);

interface Crd {
  readonly spec: {
    readonly names: { readonly shortNames: readonly string[]; readonly categories: readonly string[] };
    readonly versions: readonly { readonly additionalPrinterColumns: readonly { readonly name: string }[] }[];
  };
}

type Check = readonly [fault: string, isAtFault: (schema: Schema, path: string) => boolean];

const lacks =
  (type: string, ...keywords: readonly string[]) =>
  (schema: Schema): boolean =>
    schema.type === type && keywords.every((keyword) => schema.raw[keyword] === undefined);

/** What every field of a CRD must have: an API server's cost estimates and `kubectl explain` live by it. */
const checks: readonly Check[] = [
  ['no type', (schema) => schema.type === undefined],
  ['no description', (schema, path) => schema.raw['description'] === undefined && !path.endsWith('[]')],
  ['no maxLength', lacks('string', 'maxLength', 'enum')],
  ['no maxItems', lacks('array', 'maxItems')],
  ['no list type', lacks('array', 'x-kubernetes-list-type')],
  ['no maxProperties', lacks('object', 'maxProperties', 'properties')],
  ['no minimum', lacks('integer', 'minimum')],
];

function faults(schema: Schema, path: string): readonly string[] {
  const own = checks.filter(([, isAtFault]) => isAtFault(schema, path)).map(([fault]) => `${path}: ${fault}`);
  const values = [schema.items, schema.additionalProperties].filter((value) => value !== undefined);
  const fields = [...schema.properties].flatMap(([name, property]) => faults(property, `${path}.${name}`));
  return [...own, ...fields, ...values.flatMap((value) => faults(value, `${path}[]`))];
}

describe.each(crds)('%s', (_file, crd) => {
  it('types, describes and bounds every field', () => {
    const { properties } = parseCrd(crd).schema;
    const parts = ['spec', 'status'].flatMap((part) => faults(properties.get(part)!, part));
    expect(parts).toEqual([]);
  });

  it('has a short name, the category and an age', () => {
    expect(crd.spec.names.shortNames).toHaveLength(1);
    expect(crd.spec.names.categories).toEqual(['foghorn']);
    expect(crd.spec.versions[0]?.additionalPrinterColumns.map((column) => column.name)).toContain('Age');
  });

  it('is of a kind with a status of its own', () => {
    const kind: Kinds['all'][number] = parseCrd(crd);
    expect(kind).toMatchObject({
      hasStatus: true,
      resource: { group: 'foghorn.dev', version: 'v1alpha1', namespaced: true },
    });
  });
});
