import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { RE2JS } from 're2js';
import type { FieldError } from '../../kube/status.ts';
import { isRecord, type JsonRecord } from '../json.ts';
import { isDateTime } from './date-time.ts';
import type { Schema } from './structural.ts';

/** Keywords of a structural schema that judge a value, besides those that nest. */
const keywords = [
  'type',
  'format',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
  'nullable',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
] as const;

/** Most causes told of one object: past this nobody reads them. */
const MAX_ERRORS = 100;

/** Judges objects by the schema of their kind, in the words of a Kubernetes API server. */
export function createSchemaValidator(schema: Schema): (object: unknown) => readonly FieldError[] {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    verbose: true,
    logger: false,
    ownProperties: true,
    ...engines(),
  });
  const validate: ValidateFunction = ajv.compile(toJsonSchema(schema));
  return (object) => {
    if (validate(object)) return [];
    return (validate.errors ?? []).slice(0, MAX_ERRORS).map((error) => fieldError(error, object));
  };
}

function engines() {
  // patterns run in linear time, whatever the value
  const regExp = Object.assign(
    (pattern: string) => {
      const compiled = RE2JS.compile(pattern);
      // the validator keeps one for each text of it
      return { test: (text: string): boolean => compiled.matcher(text).find(), toString: () => pattern };
    },
    { code: 'createLinearRegExp' },
  );
  return {
    code: { regExp },
    formats: { 'date-time': isDateTime, int32: between(-(2 ** 31), 2 ** 31 - 1), int64: between(-(2 ** 63), 2 ** 63) },
  };
}

function between(least: number, most: number) {
  return { type: 'number' as const, validate: (value: number): boolean => value >= least && value <= most };
}

function toJsonSchema(schema: Schema): JsonRecord {
  const own = keywords.flatMap((keyword): [string, unknown][] =>
    schema.raw[keyword] === undefined ? [] : [[keyword, schema.raw[keyword]]],
  );
  const { additionalProperties, items, properties } = schema;
  return {
    ...Object.fromEntries(own),
    ...(schema.raw['x-kubernetes-int-or-string'] === true ? { type: ['integer', 'string'] } : {}),
    ...(properties.size === 0 ? {} : { properties: mapValues(properties) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: toJsonSchema(additionalProperties) }),
    ...(items === undefined ? {} : { items: toJsonSchema(items) }),
  };
}

function mapValues(properties: ReadonlyMap<string, Schema>): JsonRecord {
  return Object.fromEntries([...properties].map(([name, schema]) => [name, toJsonSchema(schema)]));
}

function fieldError(error: ErrorObject, object: unknown): FieldError {
  const field = fieldPath(error.instancePath, object);
  if (error.keyword === 'required') {
    const missing = String(error.params['missingProperty']);
    return { type: 'Required', field: field === '' ? missing : `${field}.${missing}`, message: 'Required value' };
  }
  return { field, ...wording(error, field) };
}

function wording(error: ErrorObject, field: string): Omit<FieldError, 'field'> {
  const limit = String(error.params['limit']);
  switch (error.keyword) {
    case 'type': {
      const given = typeName(error.data);
      const type = given === 'float64' ? (formatOf(error) ?? error.schema) : error.schema;
      const wanted = `${field} in body must be of type ${String(type)}: "${given}"`;
      return { type: 'TypeInvalid', message: `Invalid value: "${given}": ${wanted}` };
    }
    case 'enum': {
      const allowed = Array.isArray(error.schema) ? error.schema.map((value) => JSON.stringify(value)).join(', ') : '';
      return { type: 'NotSupported', message: `Unsupported value: ${show(error.data)}: supported values: ${allowed}` };
    }
    case 'format': {
      const detail = `${field} in body must be of type ${String(error.schema)}: ${show(error.data)}`;
      return { type: 'TypeInvalid', message: `Invalid value: ${show(error.data)}: ${detail}` };
    }
    case 'maxLength':
      return { type: 'TooLong', message: `Too long: may not be more than ${limit} bytes` };
    case 'maxItems':
    case 'maxProperties':
      return { type: 'TooMany', message: `Too many: ${sizeOf(error.data)}: must have at most ${limit} items` };
    case 'minItems':
    case 'minProperties':
      return {
        type: 'Invalid',
        message: `Invalid value: ${sizeOf(error.data)}: ${field} in body ${expectation(error)}`,
      };
    default:
      return { type: 'Invalid', message: `Invalid value: ${show(error.data)}: ${field} in body ${expectation(error)}` };
  }
}

function expectation(error: ErrorObject): string {
  const limit = String(error.params['limit']);
  switch (error.keyword) {
    case 'pattern':
      return `should match '${String(error.schema)}'`;
    case 'minimum':
      return `should be greater than or equal to ${limit}`;
    case 'maximum':
      return `should be less than or equal to ${limit}`;
    case 'minLength':
      return `should be at least ${limit} chars long`;
    case 'minItems':
      return `should have at least ${limit} items`;
    case 'minProperties':
      return `should have at least ${limit} properties`;
    default:
      return error.message ?? 'is not valid';
  }
}

/** `/spec/rules/0/expr` as a person writes it: `spec.rules[0].expr`. */
function fieldPath(pointer: string, object: unknown): string {
  let at: unknown = object;
  let path = '';
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) {
      path += `[${key}]`;
      at = at[Number(key)];
    } else {
      path += path === '' ? key : `.${key}`;
      at = isRecord(at) ? at[key] : undefined;
    }
  }
  return path;
}

/** Longest value that is repeated in a message. */
const MAX_SHOWN_CHARACTERS = 256;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}...` : text;
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isRecord(value) ? Object.keys(value).length : 0;
}

function formatOf(error: ErrorObject): unknown {
  return isRecord(error.parentSchema) ? error.parentSchema['format'] : undefined;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float64';
  return typeof value;
}
