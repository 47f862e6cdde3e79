/** As much of an OpenAPI schema as completion uses. */
export interface Schema {
  readonly type: string | undefined;
  readonly description: string;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
  readonly items: Schema | undefined;
  readonly values: readonly string[];
  readonly fallback: string | undefined;
  readonly isInteger: boolean;
}

/** Deeper than any of ours. */
const MAX_DEPTH = 30;

/** Reads the answer of `api/schema`; what it does not know it leaves out. */
export function decodeSchema(input: unknown, depth = 0): Schema {
  const record = recordOf(input);
  const properties = depth > MAX_DEPTH ? {} : recordOf(record['properties']);
  return {
    type: textOf(record['type']),
    description: textOf(record['description']) ?? '',
    required: listOf(record['required']).flatMap((name) => textOf(name) ?? []),
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, decodeSchema(property, depth + 1)]),
    ),
    items: record['items'] === undefined || depth > MAX_DEPTH ? undefined : decodeSchema(record['items'], depth + 1),
    values: listOf(record['enum']).map(String),
    fallback: scalarText(record['default']),
    isInteger: record['type'] === 'integer',
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function scalarText(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

/** The schema at a path; `[]` is an item of a list. Undefined where the schema ends. */
export function schemaAt(root: Schema, path: readonly string[]): Schema | undefined {
  let schema: Schema | undefined = root;
  for (const step of path) schema = step === '[]' ? schema?.items : schema?.properties[step];
  return schema;
}
