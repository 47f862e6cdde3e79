import type { KubeObject, Resource } from '../kube/client.ts';
import { badRequest, invalid, type FieldError } from '../kube/status.ts';
import { copyJson, isRecord, own, type JsonRecord } from './json.ts';
import type { KindDefinition } from './kind.ts';
import type { Kinds } from './kinds.ts';
import { decodeMeta, type StoredObject } from './metadata.ts';
import { metaChangeErrors, metaErrors } from './metadata-rules.ts';
import { createRuleValidator, type RuleValidator } from './schema/cel.ts';
import { findDuplicates } from './schema/list-types.ts';
import { applyDefaults, prune } from './schema/prune.ts';
import { ratchet } from './schema/ratchet.ts';
import { createSchemaValidator } from './schema/validate.ts';

/** What to do with fields that the schema does not know, and with fields given twice. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** Further rules of a kind, asked when its schema is content: for instance that rule expressions are CEL. */
export type Validator = (object: KubeObject, oldObject: KubeObject | undefined) => readonly FieldError[];

/** An object as it came in: known fields only, defaults filled in, not yet judged. */
export interface DecodedObject {
  readonly object: StoredObject;
  readonly warnings: readonly string[];
}

export interface Admission {
  /** Throws BadRequest for what is no object of the kind, and with Strict for unknown fields. */
  decode(kind: KindDefinition, body: unknown, fieldValidation: FieldValidation): DecodedObject;
  /** Throws Invalid with every cause when the object breaks schema or rules. `old` is what it replaces. */
  validate(kind: KindDefinition, object: StoredObject, old: StoredObject | undefined): void;
}

/** Unknown fields told of one object. */
const MAX_FAULTS = 100;

interface KindRules {
  readonly bySchema: (object: unknown) => readonly FieldError[];
  readonly byRules: RuleValidator;
}

const blocking: ReadonlySet<FieldError['type']> = new Set<FieldError['type']>([
  'NotSupported',
  'Required',
  'TooLong',
  'TooMany',
  'TypeInvalid',
]);

const notChecked: FieldError = {
  type: 'Invalid',
  field: '<nil>',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

/** `validators` by kind. Throws InvalidConfig when a validation rule of a kind is not CEL. */
export function createAdmission(deps: {
  readonly kinds: Kinds;
  readonly validators: Readonly<Record<string, Validator>>;
}): Admission {
  const rules = new Map<KindDefinition, KindRules>(
    deps.kinds.all.map((kind) => [
      kind,
      {
        bySchema: createSchemaValidator(kind.schema),
        byRules: createRuleValidator(kind.schema, kind.resource.kind),
      },
    ]),
  );
  return {
    decode,
    validate(kind, object, old) {
      const found = rules.get(kind);
      if (found === undefined) throw badRequest(`${kind.resource.kind} is not served here`);
      const errors = judge(found, kind, object, old);
      const further = errors.length > 0 ? [] : [kind.errors, deps.validators[kind.resource.kind]];
      const all = [...errors, ...further.flatMap((rule) => rule?.(object, old) ?? [])];
      if (all.length > 0) throw invalid(kind.resource, object.metadata.name ?? '', all);
    },
  };
}

function judge(
  rules: KindRules,
  kind: KindDefinition,
  object: StoredObject,
  old: StoredObject | undefined,
): readonly FieldError[] {
  const structural = [
    ...metaErrors(object.metadata),
    ...(old === undefined ? [] : metaChangeErrors(object.metadata, old.metadata)),
    ...ratchet([...rules.bySchema(object), ...findDuplicates(object, kind.schema)], object, old),
  ];
  if (structural.some((error) => blocking.has(error.type))) return [...structural, notChecked];
  return [...structural, ...rules.byRules(object, old)];
}

function decode(kind: KindDefinition, body: unknown, fieldValidation: FieldValidation): DecodedObject {
  const copy = copyJson(body);
  if (!isRecord(copy)) throw badRequest(`the object provided is unrecognized (must be of type ${kind.resource.kind})`);
  checkKind(kind.resource, copy);
  const describe = (fault: string): string =>
    `${kind.resource.kind} in version "${kind.resource.version}" cannot be handled as a ${kind.resource.kind}: ${fault}`;
  const { meta, unknownFields } = decodeMeta(own(copy, 'metadata'), describe);
  const pruned = prune(copy, kind.schema);
  const faults = [...pruned.unknownFields, ...unknownFields].map((field) => `unknown field ${JSON.stringify(field)}`);
  if (fieldValidation === 'Strict' && faults.length > 0) {
    throw badRequest(describe(`strict decoding error: ${faults.slice(0, MAX_FAULTS).join(', ')}`));
  }
  const whole = applyDefaults(pruned.value, kind.schema);
  const object: JsonRecord = { ...(whole as JsonRecord), metadata: meta };
  return {
    // apiVersion and kind were checked, and metadata was decoded
    object: (kind.complete?.(object) ?? object) as unknown as StoredObject,
    warnings: fieldValidation === 'Warn' ? faults.slice(0, MAX_FAULTS) : [],
  };
}

function checkKind(resource: Resource, object: JsonRecord): void {
  const [apiVersion, kind] = [own(object, 'apiVersion'), own(object, 'kind')];
  const wanted = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  if (typeof kind !== 'string' || kind === '') {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): Object 'Kind' is missing`,
    );
  }
  if (apiVersion !== wanted) {
    throw badRequest(
      `the API version in the data (${show(apiVersion)}) does not match the expected API version (${wanted})`,
    );
  }
  if (kind !== resource.kind) {
    throw badRequest(
      `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: kind is ${show(kind)}`,
    );
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 100) : typeof value;
}
