export type Yaml = null | boolean | number | string | readonly Yaml[] | YamlObject;
export interface YamlObject {
  readonly [key: string]: Yaml;
}

/** The object with what is at the path replaced. */
export function change(object: YamlObject, path: readonly string[], replace: (value: Yaml) => Yaml): YamlObject {
  const [key = '', ...rest] = path;
  const value = object[key] ?? null;
  if (rest.length === 0) return { ...object, [key]: replace(value) };
  return { ...object, [key]: change(isObject(value) ? value : {}, rest, replace) };
}

/** The object with each item of the list at the path replaced by what it becomes; as it is when there is no list. */
export function changeItems(
  object: YamlObject,
  path: readonly string[],
  replace: (item: YamlObject) => readonly Yaml[],
): YamlObject {
  const list = field(object, ...path);
  if (!isList(list)) return object;
  return change(object, path, () => list.flatMap((item) => (isObject(item) ? replace(item) : [item])));
}

/** What is at the path; null when there is nothing. */
export function field(value: Yaml, ...path: readonly string[]): Yaml {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isList(value)) return field(value[Number(key)] ?? null, ...rest);
  return isObject(value) ? field(value[key] ?? null, ...rest) : null;
}

/** The text at the path; empty when there is none. */
export function textAt(value: Yaml, ...path: readonly string[]): string {
  const found = field(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function isList(value: Yaml): value is readonly Yaml[] {
  return Array.isArray(value);
}

export function isObject(value: Yaml): value is YamlObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
