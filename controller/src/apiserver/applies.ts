import { badRequest, conflict, invalid, invalidValue, notFound } from '../kube/status.ts';
import { serverSideApply } from './apply/server-side-apply.ts';
import type { Commit } from './commit.ts';
import { isRecord, own, type JsonRecord } from './json.ts';
import type { KindDefinition } from './kind.ts';
import { apiVersionOf, asRecord, withManagedFields } from './managed.ts';
import type { StoredObject } from './metadata.ts';
import { asNew, withSpec, withStatus } from './next-object.ts';
import type { Api, ApiDependencies, Target } from './operations.ts';
import { withGivenNulls } from './schema/nulls.ts';
import { checkNamespace, checkOptions, checkTarget, checkVersion } from './write-checks.ts';

/** Server-side apply: creates the object, or changes the one that is there, in one turn of the event loop. */
export function createApplies(deps: ApiDependencies, commit: Commit): Pick<Api, 'apply'> {
  const { store, kinds, admission, clock } = deps;
  return {
    apply(resource, target, body, options) {
      const { part = 'main', fieldManager, force = false } = options;
      const kind = kinds.of(resource);
      checkOptions('PatchOptions', options);
      const applied = checkedBody(kind, body);
      const live = store.read(kind.resource, target.namespace, target.name);
      if (part === 'status' && (live === undefined || !kind.hasStatus)) throw notFound(kind.resource, target.name);
      const now = clock.now();
      const { object, managedFields } = serverSideApply({
        live: live === undefined ? undefined : asRecord(live),
        applied,
        manager: fieldManager,
        force,
        now,
        apiVersion: apiVersionOf(kind.resource),
        subresource: part === 'status' ? 'status' : undefined,
        schema: kind.schema,
      });
      // what the schema does not know was refused, so that this fills in defaults and reads metadata
      const decoded = admission.decode(kind, object, 'Ignore').object;
      const merged = withManagedFields(withNulls(decoded, object, kind), managedFields);
      if (live === undefined)
        return { object: commit.insert(kind, created(kind, merged, target, now), options), warnings: [], isNew: true };
      checkIdentity(kind, merged, target, live);
      const next = part === 'status' ? withStatus(merged, live) : withSpec(kind, merged, live);
      return {
        object: commit.replace(kind, withManagedFields(next, managedFields), live, options),
        warnings: [],
        isNew: false,
      };
    },
  };
}

/** With the nulls of spec and status that admission passes over, for validation to judge. */
function withNulls(decoded: StoredObject, given: JsonRecord, { schema }: KindDefinition): StoredObject {
  const { metadata } = decoded;
  const { metadata: _given, ...rest } = given;
  const whole = withGivenNulls(asRecord(decoded), rest, schema);
  return isRecord(whole) ? { ...decoded, ...whole, metadata } : decoded;
}

/** The configuration, when it is one of the kind. */
function checkedBody({ resource }: KindDefinition, body: unknown): JsonRecord {
  if (!isRecord(body)) throw badRequest('error decoding YAML: the configuration is not an object');
  const [apiVersion, kind] = ['apiVersion', 'kind'].map((field) => own(body, field));
  if (apiVersion === apiVersionOf(resource) && kind === resource.kind) return body;
  throw badRequest(`invalid object type: ${show(apiVersion)}, Kind=${show(kind)}`);
}

function created(kind: KindDefinition, merged: StoredObject, { namespace, name }: Target, nowMs: number): StoredObject {
  const { resourceVersion: _version, ...metadata } = merged.metadata;
  checkNamed(merged, name);
  if (metadata.uid !== undefined) {
    const why = `uid mismatch: the provided object specified uid ${metadata.uid}, and no existing object was found`;
    throw conflict(kind.resource, name, why);
  }
  checkNamespace(metadata, namespace);
  checkTarget(metadata, { namespace, name });
  return asNew(kind, { ...merged, metadata }, namespace, nowMs);
}

function checkIdentity(kind: KindDefinition, merged: StoredObject, target: Target, live: StoredObject): void {
  checkNamed(merged, target.name);
  checkTarget(merged.metadata, target);
  const { uid } = merged.metadata;
  if (uid !== undefined && uid !== live.metadata.uid) {
    throw invalid(kind.resource, target.name, [invalidValue('metadata.uid', uid, 'field is immutable')]);
  }
  checkVersion(kind, merged.metadata, live);
}

function checkNamed({ metadata }: StoredObject, name: string): void {
  // decoded metadata may lack its name
  const given: string | undefined = metadata.name;
  if (given !== undefined) return;
  throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
}

function show(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 100) : '';
}
