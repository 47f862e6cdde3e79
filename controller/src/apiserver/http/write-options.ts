import { badRequest, invalidOptions, type FieldError } from '../../kube/status.ts';
import type { FieldValidation } from '../admission.ts';
import { isRecord, own } from '../json.ts';
import type { DeleteOptions, WriteOptions } from '../operations.ts';
import { unsupported } from './list-options.ts';

/** Name of a writer that says nothing of itself. */
const UNKNOWN_MANAGER = 'unknown';
const MAX_MANAGER_CHARACTERS = 128;

/** The query of a write. Throws Invalid. */
export function parseWriteQuery(
  operation: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  query: URLSearchParams,
  userAgent: string | undefined,
): WriteOptions & { readonly fieldManager: string } {
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  const validation = query.get('fieldValidation') ?? '';
  const errors: readonly FieldError[] = [
    ...dryRunErrors(dryRun),
    ...(isFieldValidation(validation)
      ? []
      : [unsupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn'])]),
  ];
  if (errors.length > 0) throw invalidOptions(operation, errors);
  return {
    dryRun: dryRun.length > 0,
    fieldManager: query.get('fieldManager') || managerOf(userAgent),
    ...(isFieldValidation(validation) && validation !== '' ? { fieldValidation: validation } : {}),
  };
}

/** What the query of a deletion and its body say together; the body wins. Throws BadRequest or Invalid. */
export function parseDeleteOptions(query: URLSearchParams, body: unknown): DeleteOptions {
  if (body !== undefined && !isRecord(body)) throw badRequest('the body of a deletion is not DeleteOptions');
  const given = (name: string): unknown => (body === undefined ? undefined : own(body, name)) ?? undefined;
  const dryRun = listOf(given('dryRun')) ?? query.getAll('dryRun').filter((value) => value !== '');
  const propagation = given('propagationPolicy') ?? query.get('propagationPolicy') ?? '';
  const policies = ['', 'Background', 'Foreground', 'Orphan'];
  const errors = [
    ...dryRunErrors(dryRun),
    ...(typeof propagation === 'string' && policies.includes(propagation)
      ? []
      : [unsupported('propagationPolicy', propagation, ['Background', 'Foreground', 'Orphan'])]),
  ];
  if (errors.length > 0) throw invalidOptions('DeleteOptions', errors);
  return { dryRun: dryRun.length > 0, ...preconditionsOf(given('preconditions')) };
}

function preconditionsOf(value: unknown): Pick<DeleteOptions, 'preconditions'> {
  if (!isRecord(value)) return {};
  const uid = own(value, 'uid');
  const resourceVersion = own(value, 'resourceVersion');
  return {
    preconditions: {
      ...(typeof uid === 'string' ? { uid } : {}),
      ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
    },
  };
}

function dryRunErrors(dryRun: readonly unknown[]): readonly FieldError[] {
  return dryRun.every((value) => value === 'All') ? [] : [unsupported('dryRun', dryRun, ['All'])];
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function isFieldValidation(text: string): text is FieldValidation | '' {
  return ['', 'Ignore', 'Strict', 'Warn'].includes(text);
}

/** The name before the slash of the user agent, as an API server has it. */
function managerOf(userAgent: string | undefined): string {
  const name = (userAgent ?? '').split('/')[0]?.replaceAll(/\P{ASCII}|[^\x20-\x7e]/gu, '') ?? '';
  return name === '' ? UNKNOWN_MANAGER : name.slice(0, MAX_MANAGER_CHARACTERS);
}
