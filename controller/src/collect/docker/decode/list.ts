import { list, object, text } from '../../json.ts';

/** Most containers taken over from one host; the rest is left out. */
const MAX_CONTAINERS = 5000;

/** Ids in the body of `GET /containers/json?all=1`; undefined when it is no list. */
export function decodeContainerIds(body: unknown): readonly string[] | undefined {
  if (!Array.isArray(body)) return undefined;
  return list(body, MAX_CONTAINERS)
    .map((entry) => text(object(entry)['Id']))
    .filter((id) => /^[0-9a-f]{12,64}$/.test(id));
}
