import { notFound } from '../kube/status.ts';
import type { Resource } from '../kube/client.ts';
import type { DecodedObject } from './admission.ts';
import type { Commit } from './commit.ts';
import type { KindDefinition } from './kind.ts';
import { managed } from './managed.ts';
import { asDeleting, asNew, withSpec, withStatus } from './next-object.ts';
import type { Api, ApiDependencies, Part, Target, WriteOptions } from './operations.ts';
import { checkOptions, checkPreconditions, checkTarget, checkVersion } from './write-checks.ts';

interface Replacement {
  readonly resource: Resource;
  readonly target: Target;
  readonly body: unknown;
  readonly options: WriteOptions | undefined;
}

/** The writing half of the API: read, decide, write, in one turn of the event loop. */
export function createWrites(
  deps: ApiDependencies,
  commit: Commit,
): Pick<Api, 'create' | 'update' | 'updateStatus' | 'delete'> {
  const { store, kinds, admission, clock } = deps;
  const decode = (kind: KindDefinition, body: unknown, operation: string, options: WriteOptions): DecodedObject => {
    checkOptions(operation, options);
    return admission.decode(kind, body, options.fieldValidation ?? 'Warn');
  };
  const replace = (part: Part, { resource, target, body, options = {} }: Replacement) => {
    const kind = kinds.of(resource);
    const { object, warnings } = decode(kind, body, 'UpdateOptions', options);
    checkTarget(object.metadata, target);
    const old = store.read(kind.resource, target.namespace, target.name);
    if (old === undefined) throw notFound(kind.resource, target.name);
    checkVersion(kind, object.metadata, old);
    const next = part === 'status' ? withStatus(object, old) : withSpec(kind, object, old);
    const by = { manager: options.fieldManager ?? '', now: clock.now(), part };
    return {
      object: commit.replace(kind, managed(kind, next, { before: old, after: object, ...by }), old, options),
      warnings,
    };
  };
  return {
    create(resource, namespace, body, options = {}) {
      const kind = kinds.of(resource);
      const { object, warnings } = decode(kind, body, 'CreateOptions', options);
      const now = clock.now();
      const created = asNew(kind, object, namespace, now);
      const by = { manager: options.fieldManager ?? '', now, part: 'main' } as const;
      const whole = managed(kind, created, { before: undefined, after: created, ...by });
      return { object: commit.insert(kind, whole, options), warnings };
    },
    update: (resource, target, body, options) => replace('main', { resource, target, body, options }),
    updateStatus: (resource, target, body, options) => {
      if (!kinds.of(resource).hasStatus) throw notFound(resource, target.name);
      return replace('status', { resource, target, body, options });
    },
    delete(resource, target, options = {}) {
      const kind = kinds.of(resource);
      const old = store.read(kind.resource, target.namespace, target.name);
      if (old === undefined) throw notFound(kind.resource, target.name);
      checkPreconditions(kind, old, options);
      const dryRun = options.dryRun ?? false;
      if (old.metadata.finalizers === undefined) return dryRun ? old : store.remove(kind.resource, old);
      if (old.metadata.deletionTimestamp !== undefined) return old;
      return commit.put(kind, asDeleting(kind, old, clock.now()), old, options);
    },
  };
}
