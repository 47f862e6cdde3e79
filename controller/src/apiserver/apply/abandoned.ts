import { difference, intersection, noFields, union, type FieldSet } from './field-set.ts';
import type { Managers } from './managed-fields.ts';
import type { MergeType } from './merge-type.ts';
import { fieldsOf, withNamedFields } from './typed-fields.ts';
import { removeFields } from './typed-remove.ts';

/**
 * The merged object without what the manager applied the last time and nobody owns now, the manager included.
 * First all of that is taken out, then what somebody owns, or what nobody ever owned, is put back.
 */
export function removeAbandoned(
  merged: unknown,
  { last, managers, type }: { readonly last: FieldSet; readonly managers: Managers; readonly type: MergeType },
): unknown {
  const owned = [...managers.values()].reduce((fields, manager) => union(fields, manager.fields), noFields);
  // the most frequent case, and much less work: all that was applied still belongs to somebody
  if (difference(last, owned).size === 0) return merged;
  const lastNamed = withNamedFields(last, type);
  const all = withNamedFields(fieldsOf(merged, type), type);
  const bare = removeFields(merged, lastNamed, type);
  const keep = union(withNamedFields(fieldsOf(bare, type), type), withNamedFields(owned, type));
  const ownedOnly = removeFields(merged, difference(all, keep), type);
  const gone = difference(all, withNamedFields(fieldsOf(ownedOnly, type), type));
  return removeFields(merged, intersection(gone, lastNamed), type);
}
