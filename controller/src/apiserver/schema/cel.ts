import { isDeepStrictEqual } from 'node:util';
import { Environment } from '@marcbachmann/cel-js';
import { FoghornError, errorMessage } from '../../errors.ts';
import type { FieldError } from '../../kube/status.ts';
import { isRecord, own } from '../json.ts';
import { mapKey } from './list-types.ts';
import type { Schema, ValidationRule } from './structural.ts';
import { toCel } from './cel-value.ts';

/** Judges an object by the rules of its kind's schema; `old` is what it replaces. */
export type RuleValidator = (object: unknown, old: unknown) => readonly FieldError[];

type Compiled = ReadonlyMap<ValidationRule, (self: unknown, oldSelf: unknown) => unknown>;

const transitionRule = /\boldSelf\b/;

/** Compiles every `x-kubernetes-validations` of a schema. Throws InvalidConfig for one that is not CEL. */
export function createRuleValidator(schema: Schema, kind: string): RuleValidator {
  const environment = new Environment({ homogeneousAggregateLiterals: false })
    .registerVariable('self', 'dyn')
    .registerVariable('oldSelf', 'dyn');
  const compiled: Compiled = new Map(allRules(schema).map((rule) => [rule, compile(environment, rule, kind)] as const));
  const guarded = withRules(schema);
  return (object, old) => judge({ value: object, old, schema, path: '' }, compiled, guarded);
}

function compile(environment: Environment, rule: ValidationRule, kind: string) {
  try {
    const parsed = environment.parse(rule.rule);
    const checked = parsed.check();
    if (!checked.valid) throw checked.error ?? new Error('does not type-check');
    return (self: unknown, oldSelf: unknown): unknown => parsed({ self, oldSelf });
  } catch (thrown) {
    throw new FoghornError('InvalidConfig', `${kind}: validation "${rule.rule}": ${errorMessage(thrown)}`, {
      cause: thrown,
    });
  }
}

/** One value with its schema, and the value that it replaces where the two belong together. */
interface Place {
  readonly value: unknown;
  readonly old: unknown;
  readonly schema: Schema;
  readonly path: string;
}

function judge(place: Place, compiled: Compiled, guarded: ReadonlySet<Schema>): readonly FieldError[] {
  if (!guarded.has(place.schema) || place.value === null) return [];
  const here = place.schema.validations.flatMap((rule) => broken(place, rule, compiled));
  return [...here, ...children(place).flatMap((child) => judge(child, compiled, guarded))];
}

function broken(place: Place, rule: ValidationRule, compiled: Compiled): readonly FieldError[] {
  const isTransition = transitionRule.test(rule.rule);
  if (isTransition ? place.old === undefined : isUnchanged(place)) return [];
  const verdict = evaluate(place, rule, compiled);
  if (verdict === undefined) return [];
  const type = ruleErrorType(rule.reason);
  const field = `${place.path}${rule.fieldPath ?? ''}`.replace(/^\./, '');
  return [{ type, field: field === '' ? '<nil>' : field, message: wording(type, place.value, verdict) }];
}

/** What was stored under older rules may stay as it is. */
function isUnchanged(place: Place): boolean {
  return place.old !== undefined && isDeepStrictEqual(place.value, place.old);
}

/** Undefined when the rule holds, else what is wrong. */
function evaluate(place: Place, rule: ValidationRule, compiled: Compiled): string | undefined {
  try {
    const self = toCel(place.value, place.schema);
    const oldSelf = place.old === undefined ? null : toCel(place.old, place.schema);
    if (compiled.get(rule)?.(self, oldSelf) === true) return undefined;
    return rule.message ?? `failed rule: ${rule.rule}`;
  } catch (thrown) {
    // an expression over hostile values may fail in any way, and then the rule does not hold
    return `${errorMessage(thrown).split('\n')[0] ?? ''} evaluating rule: ${rule.message ?? rule.rule}`;
  }
}

function children(place: Place): readonly Place[] {
  const { value, old, schema, path } = place;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return [];
    return value.map((item: unknown, index) => ({
      value: item,
      old: counterpart(item, old, schema),
      schema: items,
      path: `${path}[${index}]`,
    }));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const known = schema.properties.get(key) ?? schema.additionalProperties;
    if (known === undefined) return [];
    const before = isRecord(old) ? own(old, key) : undefined;
    return [{ value: field, old: before, schema: known, path: `${path}.${key}` }];
  });
}

/** The item that this one replaces: map lists only, by key. */
function counterpart(item: unknown, old: unknown, schema: Schema): unknown {
  if (schema.listType !== 'map' || !Array.isArray(old)) return undefined;
  const key = JSON.stringify(mapKey(item, schema));
  return old.find((other) => JSON.stringify(mapKey(other, schema)) === key);
}

function ruleErrorType(reason: string | undefined): FieldError['type'] {
  switch (reason) {
    case 'FieldValueForbidden':
      return 'Forbidden';
    case 'FieldValueRequired':
      return 'Required';
    case 'FieldValueDuplicate':
      return 'Duplicate';
    default:
      return 'Invalid';
  }
}

function wording(type: FieldError['type'], value: unknown, message: string): string {
  if (type === 'Forbidden') return `Forbidden: ${message}`;
  if (type === 'Required') return `Required value: ${message}`;
  const isScalar = !isRecord(value) && !Array.isArray(value);
  const lead = type === 'Duplicate' ? 'Duplicate value' : 'Invalid value';
  return isScalar ? `${lead}: ${JSON.stringify(value)}: ${message}` : `${lead}: ${message}`;
}

function nested(schema: Schema): readonly Schema[] {
  return [...schema.properties.values(), schema.additionalProperties, schema.items].filter((s) => s !== undefined);
}

function allRules(schema: Schema): readonly ValidationRule[] {
  return [...schema.validations, ...nested(schema).flatMap(allRules)];
}

/** Schemas at or below which a rule stands: the rest of an object is not walked. */
function withRules(schema: Schema): ReadonlySet<Schema> {
  const below = nested(schema).map(withRules);
  const found = new Set(below.flatMap((set) => [...set]));
  if (schema.validations.length > 0 || found.size > 0) found.add(schema);
  return found;
}
