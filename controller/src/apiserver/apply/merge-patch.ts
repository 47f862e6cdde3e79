import { badRequest } from '../../kube/status.ts';
import { copyJson, isRecord, own, type JsonRecord } from '../json.ts';
import { notDecoded } from './json-patch-operations.ts';

/**
 * The object with a JSON merge patch (RFC 7386) carried out: null takes a field away, lists are replaced whole.
 * As on a real server, fields that are null within the items of a list go as well.
 * Throws BadRequest (400) for a patch that is no object.
 */
export function applyMergePatch(object: unknown, patch: unknown): unknown {
  if (patch === null) throw badRequest('Invalid JSON Patch');
  if (!isRecord(patch)) throw notDecoded(patch, 'value', 'map[string]interface {}');
  return merge(copyJson(object), copyJson(patch));
}

function merge(target: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return patch.map((item: unknown) => (isRecord(item) ? merge(undefined, item) : item));
  if (!isRecord(patch)) return patch;
  const record: JsonRecord = isRecord(target) ? target : {};
  const kept = Object.entries(record).filter(([key]) => own(patch, key) !== null);
  const merged = kept.map(([key, field]): [string, unknown] => {
    const change = own(patch, key);
    return [key, change === undefined ? field : merge(field, change)];
  });
  const added = Object.entries(patch)
    .filter(([key, field]) => field !== null && !Object.hasOwn(record, key))
    .map(([key, field]): [string, unknown] => [key, merge(undefined, field)]);
  // fromEntries defines own fields, so that a field named __proto__ stays a field
  return Object.fromEntries([...merged, ...added]);
}
