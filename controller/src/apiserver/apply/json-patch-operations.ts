import { badRequest, StatusError } from '../../kube/status.ts';
import { copyJson, isRecord, own, type JsonRecord } from '../json.ts';
import { parsePointer } from './json-pointer.ts';

/** One operation of a JSON patch (RFC 6902), its pointers parsed. */
export type Operation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: readonly string[]; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: readonly string[] }
  | { readonly op: 'move' | 'copy'; readonly path: readonly string[]; readonly from: readonly string[] };

/** As kube-apiserver bounds it. */
const MAX_OPERATIONS = 10_000;

/** Reads the body of a JSON patch. Throws BadRequest for what is none, TooLarge past 10,000 operations. */
export function decodeOperations(body: unknown): readonly Operation[] {
  if (!Array.isArray(body)) throw notDecoded(body, 'value', '[]handlers.jsonPatchOp');
  if (body.length > MAX_OPERATIONS) throw tooMany(body.length);
  // a private copy: values of it become parts of the patched object
  const copy = copyJson(body);
  return Array.isArray(copy) ? copy.map(decodeOperation) : [];
}

/** The patch was read, but cannot be carried out: a real server says no more than this. */
export function rejected(): StatusError {
  const message = 'the server rejected our request due to an error in our request';
  return new StatusError('Invalid', { message, reason: 'Invalid', details: {}, code: 422 });
}

/** The refusal of a patch whose JSON has a wrong shape, as Go words it. */
export function notDecoded(value: unknown, place: string, type: string): StatusError {
  return badRequest(`error decoding patch: json: cannot unmarshal ${jsonType(value)} into Go ${place} of type ${type}`);
}

function decodeOperation(value: unknown): Operation {
  if (!isRecord(value)) throw notDecoded(value, 'value', 'handlers.jsonPatchOp');
  const [op, path, from] = (['op', 'path', 'from'] as const).map((field) => text(value, field));
  switch (op) {
    case 'add':
    case 'replace':
    case 'test':
      if (op !== 'test' && !Object.hasOwn(value, 'value')) throw incomplete(value, 'value');
      return { op, path: pointer(value, 'path', path), value: own(value, 'value') ?? null };
    case 'remove':
      return { op, path: pointer(value, 'path', path) };
    case 'move':
    case 'copy':
      return { op, path: pointer(value, 'path', path), from: pointer(value, 'from', from) };
    default:
      throw badRequest(`invalid operation ${JSON.stringify(value)}: unsupported operation`);
  }
}

function text(operation: JsonRecord, field: string): string | undefined {
  const value = own(operation, field);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw notDecoded(value, `struct field jsonPatchOp.${field}`, 'string');
  return value;
}

function pointer(operation: JsonRecord, field: 'path' | 'from', value: string | undefined): readonly string[] {
  if (value === undefined) throw incomplete(operation, field);
  const parts = parsePointer(value);
  if (parts === undefined) throw rejected();
  return parts;
}

function incomplete(operation: JsonRecord, field: string): StatusError {
  const fault = `operation missing ${field} field: missing value`;
  return badRequest(`invalid operation ${JSON.stringify(operation)}: failed to decode '${field}': ${fault}`);
}

function tooMany(count: number): StatusError {
  const message = `Request entity too large: The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${count}`;
  return new StatusError('TooLarge', { message, reason: 'RequestEntityTooLarge', code: 413 });
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? 'null' : typeof value;
}
