import { FoghornError } from '../../errors.ts';
import { isRecord, own, type JsonRecord } from '../json.ts';

/** A structural schema of a CRD, with what the admission steps ask of it. */
export interface Schema {
  readonly type?: string | undefined;
  readonly properties: ReadonlyMap<string, Schema>;
  /** Of a map: the schema of its values. */
  readonly additionalProperties?: Schema | undefined;
  readonly items?: Schema | undefined;
  readonly format?: string | undefined;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  readonly default: unknown;
  readonly preserveUnknownFields: boolean;
  readonly listType?: string | undefined;
  readonly listMapKeys: readonly string[];
  readonly validations: readonly ValidationRule[];
  /** The same as JSON, for the validator. */
  readonly raw: JsonRecord;
}

/** One entry of `x-kubernetes-validations`. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly fieldPath?: string | undefined;
}

/** Deepest schema that is read. */
const MAX_SCHEMA_DEPTH = 32;

/** Reads `openAPIV3Schema`. Throws InvalidConfig, naming the place, for what is not structural. */
export function parseSchema(value: unknown, path: string, depth: number = 0): Schema {
  if (!isRecord(value)) throw new FoghornError('InvalidConfig', `${path}: not a schema`);
  if (depth > MAX_SCHEMA_DEPTH) throw new FoghornError('InvalidConfig', `${path}: nested too deep`);
  const field = (name: string): unknown => own(value, name);
  const child = (name: string): Schema | undefined =>
    isRecord(field(name)) ? parseSchema(field(name), `${path}.${name}`, depth + 1) : undefined;
  return {
    type: text(field('type')),
    properties: parseProperties(field('properties'), path, depth),
    additionalProperties: child('additionalProperties'),
    items: child('items'),
    format: text(field('format')),
    nullable: field('nullable') === true,
    hasDefault: Object.hasOwn(value, 'default'),
    default: field('default'),
    preserveUnknownFields: field('x-kubernetes-preserve-unknown-fields') === true,
    listType: text(field('x-kubernetes-list-type')),
    listMapKeys: texts(field('x-kubernetes-list-map-keys')),
    validations: parseRules(field('x-kubernetes-validations'), path),
    raw: value,
  };
}

function parseProperties(value: unknown, path: string, depth: number): ReadonlyMap<string, Schema> {
  if (value === undefined) return new Map();
  if (!isRecord(value)) throw new FoghornError('InvalidConfig', `${path}.properties: not a map`);
  return new Map(
    Object.entries(value).map(([name, schema]) => [name, parseSchema(schema, `${path}.${name}`, depth + 1)]),
  );
}

function parseRules(value: unknown, path: string): readonly ValidationRule[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new FoghornError('InvalidConfig', `${path}: validations are not a list`);
  return value.map((entry: unknown) => {
    const rule = isRecord(entry) ? text(own(entry, 'rule')) : undefined;
    if (!isRecord(entry) || rule === undefined)
      throw new FoghornError('InvalidConfig', `${path}: validation without rule`);
    return {
      rule,
      message: text(own(entry, 'message')),
      reason: text(own(entry, 'reason')),
      fieldPath: text(own(entry, 'fieldPath')),
    };
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
