import { StatusError } from '../../kube/status.ts';
import { pathsOf, type FieldSet } from './field-set.ts';
import type { Manager, Managers } from './managed-fields.ts';
import { showPath } from './path-element.ts';

/** The refusal of an apply that would change fields of others, by the identifiers of these. */
export function applyConflict(managers: Managers, taken: ReadonlyMap<string, FieldSet>): StatusError {
  const conflicts = [...taken]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([identifier, fields]) => {
      const manager = managers.get(identifier);
      return manager === undefined ? [] : [{ who: showManager(manager), paths: pathsOf(fields).map(showPath) }];
    });
  const causes = conflicts.flatMap(({ who, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
  );
  const [first] = causes;
  const lines = conflicts.flatMap(({ who, paths }) => [`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`)]);
  const message =
    causes.length === 1 && first !== undefined
      ? `Apply failed with 1 conflict: ${first.message}: ${first.field}`
      : `Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`;
  return new StatusError('Conflict', { message, reason: 'Conflict', details: { causes }, code: 409 });
}

function showManager({ manager, operation, apiVersion, subresource }: Manager): string {
  const name = JSON.stringify(manager);
  const whole = subresource === undefined ? name : `${name} with subresource ${JSON.stringify(subresource)}`;
  return operation === 'Update' ? `${whole} using ${apiVersion}` : whole;
}
