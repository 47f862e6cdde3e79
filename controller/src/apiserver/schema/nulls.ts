import { isRecord, own } from '../json.ts';
import type { Schema } from './structural.ts';

/**
 * The admitted value with the nulls that `given` has for fields without a default. Admission takes those for not given;
 * a real server does not when they come by server-side apply, and refuses them where the schema has a type.
 */
export function withGivenNulls(admitted: unknown, given: unknown, schema: Schema): unknown {
  if (Array.isArray(admitted) && Array.isArray(given)) {
    const { items } = schema;
    return items === undefined ? admitted : admitted.map((item, index) => withGivenNulls(item, given[index], items));
  }
  if (!isRecord(admitted) || !isRecord(given)) return admitted;
  const kept = Object.entries(admitted).map(([key, field]): [string, unknown] => {
    const known = schema.properties.get(key) ?? schema.additionalProperties;
    return [key, known === undefined ? field : withGivenNulls(field, own(given, key), known)];
  });
  const nulls = Object.entries(given).filter(([key, field]) => field === null && !Object.hasOwn(admitted, key));
  const known = nulls.filter(([key]) => (schema.properties.get(key) ?? schema.additionalProperties) !== undefined);
  return Object.fromEntries([...kept, ...known]);
}
