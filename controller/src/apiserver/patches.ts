import { notFound, StatusError } from '../kube/status.ts';
import type { Resource } from '../kube/client.ts';
import { applyJsonPatch } from './apply/json-patch.ts';
import { applyMergePatch } from './apply/merge-patch.ts';
import { isRecord } from './json.ts';
import type { Api, ApiDependencies, Part, Patch, Target, WriteOptions, Written } from './operations.ts';

/** A patch is a read, a change and a replacement, in one turn of the event loop. */
export function createPatches(
  { store, kinds, admission }: ApiDependencies,
  replace: Pick<Api, 'update' | 'updateStatus'>,
): Pick<Api, 'patch'> {
  return {
    patch(
      resource: Resource,
      target: Target,
      patch: Patch,
      options: WriteOptions & { readonly part?: Part } = {},
    ): Written {
      const kind = kinds.of(resource);
      const old = store.read(kind.resource, target.namespace, target.name);
      if (old === undefined || (options.part === 'status' && !kind.hasStatus))
        throw notFound(kind.resource, target.name);
      const patched = changed(old, patch);
      const { part = 'main', fieldValidation = 'Warn', ...rest } = options;
      if (fieldValidation === 'Strict') {
        const { warnings } = admission.decode(kind, patched, 'Warn');
        if (warnings.length > 0) throw strictFault(patch, warnings);
      }
      const write = part === 'main' ? replace.update : replace.updateStatus;
      return write(resource, target, patched, {
        ...rest,
        fieldValidation: fieldValidation === 'Strict' ? 'Ignore' : fieldValidation,
      });
    },
  };
}

function changed(object: unknown, { type, body }: Patch): unknown {
  if (type === 'json') return applyJsonPatch(object, body);
  return applyMergePatch(object, type === 'strategic' ? withoutDirectives(body) : body);
}

/** The lists of our built-in kinds are atomic, so that a strategic merge patch without its directives is a merge patch. */
function withoutDirectives(patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  return Object.fromEntries(
    Object.entries(patch)
      .filter(([key]) => !key.startsWith('$'))
      .map(([key, value]) => [key, withoutDirectives(value)]),
  );
}

/** As an API server refuses a patch that brings in unknown fields. */
function strictFault(patch: Patch, faults: readonly string[]): StatusError {
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(patch.body))}: strict decoding error: ${faults.join(', ')}`;
  return new StatusError('Invalid', {
    message: ` "" is invalid: patch: ${message}`,
    reason: 'Invalid',
    details: { causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }] },
    code: 422,
  });
}
