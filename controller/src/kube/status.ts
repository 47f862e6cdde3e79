import { FoghornError, type FoghornErrorCode } from '../errors.ts';
import type { Resource } from './client.ts';

/** A failure as the Kubernetes API words it. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  /** The plural, or for Invalid the kind. */
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

/** What is wrong with one field of an object. */
export interface FieldError {
  readonly type:
    | 'Required'
    | 'Invalid'
    | 'NotSupported'
    | 'Duplicate'
    | 'Forbidden'
    | 'TooLong'
    | 'TooMany'
    | 'TypeInvalid';
  /** `spec.rules[0].expr`. */
  readonly field: string;
  /** As an API server words it: `Invalid value: "soon": must be a duration`. */
  readonly message: string;
}

/** A FoghornError that carries what a client of the API is told. */
export class StatusError extends FoghornError {
  readonly status: Status;

  constructor(code: FoghornErrorCode, answer: Pick<Status, 'message' | 'reason' | 'details' | 'code'>) {
    super(code, answer.message);
    this.name = 'StatusError';
    this.status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...answer };
  }
}

/** `monitorpolicies.foghorn.dev`; of the core group just `events`. */
export function resourceName(resource: Pick<Resource, 'plural' | 'group'>): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** `MonitorPolicy.foghorn.dev`. */
export function qualifiedKind(resource: Pick<Resource, 'kind' | 'group'>): string {
  return resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
}

export function notFound(resource: Resource, name: string): StatusError {
  return new StatusError('NotFound', {
    message: `${resourceName(resource)} "${name}" not found`,
    reason: 'NotFound',
    details: detailsOf(resource, name, resource.plural),
    code: 404,
  });
}

/** The kind itself is unknown here. */
export function notServed(): StatusError {
  const message = 'the server could not find the requested resource';
  return new StatusError('NotFound', { message, reason: 'NotFound', details: {}, code: 404 });
}

export function alreadyExists(resource: Resource, name: string): StatusError {
  return new StatusError('AlreadyExists', {
    message: `${resourceName(resource)} "${name}" already exists`,
    reason: 'AlreadyExists',
    details: detailsOf(resource, name, resource.plural),
    code: 409,
  });
}

/** The caller's copy is not the present one. */
export function conflict(resource: Resource, name: string, why: string): StatusError {
  return new StatusError('Conflict', {
    message: `Operation cannot be fulfilled on ${resourceName(resource)} "${name}": ${why}`,
    reason: 'Conflict',
    details: detailsOf(resource, name, resource.plural),
    code: 409,
  });
}

/** A precondition of a deletion does not hold; a real server names the kind here, not the plural. */
export function preconditionFailed(resource: Resource, name: string, why: string): StatusError {
  return new StatusError('Conflict', {
    message: `Operation cannot be fulfilled on ${qualifiedKind(resource)} "${name}": ${why}`,
    reason: 'Conflict',
    details: detailsOf(resource, name, resource.kind),
    code: 409,
  });
}

/** The object breaks its schema or its rules; one cause a field. */
export function invalid(resource: Resource, name: string, errors: readonly FieldError[]): StatusError {
  return invalidAs(qualifiedKind(resource), detailsOf(resource, name, resource.kind), name, errors);
}

/** An update without a resourceVersion; a real server names the plural here, not the kind. */
export function resourceVersionRequired(resource: Resource, name: string): StatusError {
  const error = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
  return invalidAs(resourceName(resource), detailsOf(resource, name, resource.plural), name, [error]);
}

/** Options of a request that are out of range: `CreateOptions`, `ListOptions`. */
export function invalidOptions(kind: string, errors: readonly FieldError[]): StatusError {
  return invalidAs(`${kind}.meta.k8s.io`, { group: 'meta.k8s.io', kind }, '', errors);
}

export function badRequest(message: string): StatusError {
  return new StatusError('BadRequest', { message, reason: 'BadRequest', code: 400 });
}

/** What was asked for has left the history: list again. */
export function expired(message: string): StatusError {
  return new StatusError('Gone', { message, reason: 'Expired', code: 410 });
}

export function tooLarge(limitBytes: number): StatusError {
  const message = `Request entity too large: limit is ${limitBytes}`;
  return new StatusError('TooLarge', { message, reason: 'RequestEntityTooLarge', code: 413 });
}

export function unavailable(message: string): StatusError {
  return new StatusError('Unavailable', { message, reason: 'ServiceUnavailable', code: 503 });
}

/** The FieldError of a value that breaks a rule: `Invalid value: "soon": must be a duration`. */
export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return { type: 'Invalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${detail}` };
}

export function requiredValue(field: string, detail: string = ''): FieldError {
  return { type: 'Required', field, message: detail === '' ? 'Required value' : `Required value: ${detail}` };
}

function invalidAs(subject: string, details: StatusDetails, name: string, errors: readonly FieldError[]): StatusError {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const causes = errors.map(({ type, message, field }) => ({ reason: `FieldValue${type}`, message, field }));
  return new StatusError('Invalid', {
    message: `${subject} "${name}" is invalid: ${text}`,
    reason: 'Invalid',
    details: { ...details, causes },
    code: 422,
  });
}

function detailsOf(resource: Resource, name: string, kind: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind,
  };
}
