import { isDeepStrictEqual } from 'node:util';
import { copyJson, isRecord, MAX_OBJECT_BYTES, own, type JsonRecord } from '../json.ts';
import { tooLarge } from '../../kube/status.ts';
import { decodeOperations, rejected, type Operation } from './json-patch-operations.ts';
import { listIndex } from './json-pointer.ts';
import { setOwn } from './own-field.ts';

/** Bytes that `copy` operations may add together, as kube-apiserver bounds them. */
const MAX_COPIED_BYTES = 3 * 1024 * 1024;

type Container = { readonly list: unknown[] } | { readonly record: JsonRecord };

/**
 * Carries out a JSON patch (RFC 6902) on a copy of the object. Throws StatusErrors: BadRequest (400) for what is no
 * patch, Invalid (422) for an operation that does not fit or a test that fails, TooLarge (413).
 * As on a real server, `test` with null also passes where the field is absent.
 */
export function applyJsonPatch(object: unknown, operations: unknown): unknown {
  const decoded = decodeOperations(operations);
  const budget = { bytes: MAX_COPIED_BYTES };
  let document = copyJson(object);
  for (const operation of decoded) document = applyOperation(document, operation, budget);
  return document;
}

function applyOperation(document: unknown, operation: Operation, budget: { bytes: number }): unknown {
  switch (operation.op) {
    case 'add':
      return add(document, operation.path, operation.value);
    case 'remove':
      return remove(document, operation.path);
    case 'replace':
      read(document, operation.path);
      return replace(document, operation.path, operation.value);
    case 'test':
      return test(document, operation.path, operation.value);
    case 'copy':
      return add(document, operation.path, cloned(read(document, operation.from), budget));
    case 'move': {
      const { path, from } = operation;
      // nothing can be moved into itself; onto itself it stays
      if (from.length < path.length && from.every((part, index) => part === path[index])) throw rejected();
      const moved = read(document, from);
      return add(remove(document, from), path, moved);
    }
    default:
      return operation satisfies never;
  }
}

function add(document: unknown, path: readonly string[], value: unknown): unknown {
  const last = path.at(-1);
  if (last === undefined) return value;
  const container = containerOf(document, path);
  if ('record' in container) {
    setOwn(container.record, last, value);
    return document;
  }
  const { list } = container;
  const index = last === '-' ? list.length : listIndex(last, list.length + 1);
  if (index === undefined) throw rejected();
  list.splice(index, 0, value);
  return document;
}

function remove(document: unknown, path: readonly string[]): unknown {
  const last = path.at(-1);
  if (last === undefined) throw rejected();
  read(document, path);
  const container = containerOf(document, path);
  if ('record' in container) Reflect.deleteProperty(container.record, last);
  else container.list.splice(Number(last), 1);
  return document;
}

function replace(document: unknown, path: readonly string[], value: unknown): unknown {
  const last = path.at(-1);
  if (last === undefined) return value;
  const container = containerOf(document, path);
  if ('record' in container) setOwn(container.record, last, value);
  else container.list[Number(last)] = value;
  return document;
}

function test(document: unknown, path: readonly string[], value: unknown): unknown {
  const last = path.at(-1);
  const container = last === undefined ? undefined : containerOf(document, path);
  if (last !== undefined && value === null && container !== undefined && 'record' in container) {
    if (own(container.record, last) === undefined) return document;
  }
  if (!isDeepStrictEqual(read(document, path), value)) throw rejected();
  return document;
}

function containerOf(document: unknown, path: readonly string[]): Container {
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) return { list: parent };
  if (isRecord(parent)) return { record: parent };
  throw rejected();
}

function read(document: unknown, path: readonly string[]): unknown {
  let part = document;
  for (const key of path) {
    if (Array.isArray(part)) {
      const index = listIndex(key, part.length);
      if (index === undefined) throw rejected();
      part = part[index];
    } else if (isRecord(part) && Object.hasOwn(part, key)) part = part[key];
    else throw rejected();
  }
  return part;
}

function cloned(value: unknown, budget: { bytes: number }): unknown {
  const text = JSON.stringify(value);
  budget.bytes -= text.length;
  if (budget.bytes < 0) throw tooLarge(MAX_OBJECT_BYTES);
  return copyJson(value);
}
