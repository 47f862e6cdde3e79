import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';

/** The parts of an OpenAPI v3 schema that shape a type. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
}

interface Crd {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

const root = join(import.meta.dirname, '..');
export const outputPath: string = join(root, 'controller/src/model/resources.generated.ts');

const header = `// Generated from crds/ by scripts/generate-types.ts; run "npm run generate" after a change there.
// Types are those of stored objects: a field with a default is always there.
`;

/** TypeScript for spec and status of every kind in `crds/`. */
export async function generateTypes(crdDir: string = join(root, 'crds')): Promise<string> {
  const files = (await readdir(crdDir)).filter((name) => name.endsWith('.yaml')).sort();
  const kinds = await Promise.all(files.map(async (name) => parse(await readFile(join(crdDir, name), 'utf8')) as Crd));
  return [header, ...kinds.flatMap(kindTypes)].join('\n');
}

function kindTypes(crd: Crd): string[] {
  const { kind } = crd.spec.names;
  const properties = crd.spec.versions[0]?.schema.openAPIV3Schema.properties ?? {};
  return ['spec', 'status'].flatMap((part) => {
    const schema = properties[part];
    return schema === undefined ? [] : interfaces(`${kind}${pascal(part)}`, schema);
  });
}

/** The interface of one object schema, and after it those of the objects within. */
function interfaces(name: string, schema: Schema): string[] {
  const nested: string[] = [];
  const lines = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const type = typeOf(`${name}${pascal(key)}`, property, nested);
    const present = (schema.required?.includes(key) ?? false) || property.default !== undefined;
    return [...doc(property, '  '), `  readonly ${key}${present ? '' : '?'}: ${type}${present ? '' : ' | undefined'};`];
  });
  return [[...doc(schema, ''), `export interface ${name} {`, ...lines, '}', ''].join('\n'), ...nested];
}

function typeOf(name: string, schema: Schema, nested: string[]): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => quote(String(value))).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array': {
      const item = typeOf(name.replace(/(?<!s)s$/, ''), schema.items ?? {}, nested);
      return `readonly ${item.includes(' ') ? `(${item})` : item}[]`;
    }
    case 'object':
      if (schema.additionalProperties !== undefined) {
        return `Readonly<Record<string, ${typeOf(`${name}Value`, schema.additionalProperties, nested)}>>`;
      }
      nested.push(...interfaces(name, schema));
      return name;
    default:
      return 'unknown';
  }
}

function doc(schema: Schema, indent: string): string[] {
  const text = (schema.description ?? '').trim().replaceAll('*/', '*');
  const value = schema.default === undefined ? '' : ` Default: ${JSON.stringify(schema.default)}.`;
  return text === '' ? [] : [`${indent}/** ${text}${value} */`];
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function quote(text: string): string {
  return `'${text}'`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(outputPath, await generateTypes());
}
