/**
 * Writes which fields of Kubernetes came after the oldest version that we support, for the check of the manifests:
 * node scripts/newer-fields.ts FOLDER, where FOLDER is @kubernetes/client-node 0.21.0, which was made from 1.29:
 * `npm pack @kubernetes/client-node@0.21.0 && tar -xzf kubernetes-client-node-0.21.0.tgz` unpacks it into ./package.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import {
  clientVersion,
  kinds,
  modelOf,
  newerFieldsPath,
  type Field,
  type NewerFields,
} from '../e2e/cluster-manifests/api-fields.ts';

const OLDEST = '1.29';
const require = createRequire(import.meta.url);

/** Fields of a type in the older client; undefined: it has no such type. */
function olderFields(folder: string, type: string): readonly string[] | undefined {
  const file = join(resolve(folder), 'dist/gen/model', `${type.charAt(0).toLowerCase()}${type.slice(1)}.js`);
  if (!existsSync(file)) return undefined;
  const module = require(file) as Readonly<Record<string, { getAttributeTypeMap(): readonly Field[] }>>;
  return module[type]?.getAttributeTypeMap().map(({ baseName }) => baseName);
}

/** Types that are reached from the kinds of manifests, each once. */
function reachedTypes(): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = Object.values(kinds).flatMap((names) => names.map((kind) => `V1${kind}`));
  for (let type = waiting.pop(); type !== undefined; type = waiting.pop()) {
    if (reached.has(type)) continue;
    reached.add(type);
    for (const field of modelOf(type)?.getAttributeTypeMap() ?? []) {
      waiting.push(...[...field.type.matchAll(/\w+/g)].map(([name]) => name).filter((name) => modelOf(name)));
    }
  }
  return reached;
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node scripts/newer-fields.ts FOLDER');
const fields = [...reachedTypes()].toSorted().flatMap((type): readonly [string, readonly string[]][] => {
  const older = olderFields(folder, type);
  // What only newer types have is reached by a newer field.
  if (older === undefined) return [];
  const now = (modelOf(type)?.getAttributeTypeMap() ?? []).map(({ baseName }) => baseName);
  const added = now.filter((name) => !older.includes(name));
  return added.length === 0 ? [] : [[type, added]];
});
const written: NewerFields = { oldest: OLDEST, client: clientVersion(), fields: Object.fromEntries(fields) };
writeFileSync(newerFieldsPath, `${JSON.stringify(written, undefined, 2)}\n`);
