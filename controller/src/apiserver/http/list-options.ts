import { badRequest, invalidOptions, type FieldError } from '../../kube/status.ts';

/** The query of a list or a watch. */
export interface ListQuery {
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
  readonly limit: number;
  readonly continue: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly resourceVersionMatch: string | undefined;
  readonly isWatch: boolean;
  readonly bookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
  readonly timeoutSeconds: number | undefined;
}

/** Throws BadRequest or Invalid, as an API server does for options that do not go together. */
export function parseListQuery(query: URLSearchParams): ListQuery {
  const text = (name: string): string | undefined => {
    const found = query.get(name);
    return found === null || found === '' ? undefined : found;
  };
  const options: ListQuery = {
    labelSelector: text('labelSelector'),
    fieldSelector: text('fieldSelector'),
    limit: Math.max(0, wholeNumber(text('limit')) ?? 0),
    continue: text('continue'),
    resourceVersion: text('resourceVersion'),
    resourceVersionMatch: text('resourceVersionMatch'),
    isWatch: isTrue(query, 'watch'),
    bookmarks: isTrue(query, 'allowWatchBookmarks'),
    sendInitialEvents: query.has('sendInitialEvents') ? isTrue(query, 'sendInitialEvents') : undefined,
    timeoutSeconds: wholeNumber(text('timeoutSeconds')),
  };
  const errors = options.isWatch ? watchErrors(options) : listErrors(options);
  if (errors.length > 0) throw invalidOptions('ListOptions', errors);
  if (options.continue !== undefined && options.resourceVersion !== undefined && options.resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  return options;
}

/** As the conversion of query parameters of an API server has it: given without a value counts as true. */
export function isTrue(query: URLSearchParams, name: string): boolean {
  const found = query.get(name);
  return found !== null && found.toLowerCase() !== 'false' && found !== '0';
}

/** The version a read asks for; undefined for any. Throws BadRequest. */
export function parseVersion(
  text: string | undefined,
  prefix: string = 'invalid resource version: ',
): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const why = /^\d+$/.test(text) ? 'value out of range' : 'invalid syntax';
  const value = JSON.stringify(text);
  throw badRequest(`${prefix}resourceVersion: Invalid value: ${value}: strconv.ParseUint: parsing ${value}: ${why}`);
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function listErrors(options: ListQuery): readonly FieldError[] {
  const initial =
    options.sendInitialEvents === undefined
      ? []
      : [forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list')];
  const { resourceVersionMatch: match, resourceVersion } = options;
  if (match === undefined) return initial;
  const field = 'resourceVersionMatch';
  return [
    ...(resourceVersion === undefined
      ? [forbiddenField(field, `${field} is forbidden unless resourceVersion is provided`)]
      : []),
    ...(options.continue === undefined ? [] : [forbiddenField(field, `${field} is forbidden with continue`)]),
    ...(match === 'Exact' || match === 'NotOlderThan'
      ? []
      : [unsupported(field, match, ['', 'Exact', 'NotOlderThan'])]),
    ...(match === 'Exact' && resourceVersion === '0'
      ? [forbiddenField(field, `${field} "exact" is forbidden for resourceVersion "0"`)]
      : []),
    ...initial,
  ];
}

function watchErrors(options: ListQuery): readonly FieldError[] {
  const { resourceVersionMatch: match, sendInitialEvents } = options;
  const field = 'resourceVersionMatch';
  const initial =
    sendInitialEvents !== undefined && match !== 'NotOlderThan'
      ? [forbiddenField(field, `sendInitialEvents requires setting ${field} to NotOlderThan`)]
      : [];
  if (match === undefined) return initial;
  return [
    ...initial,
    ...(sendInitialEvents === undefined
      ? [forbiddenField(field, `${field} is forbidden for watch unless sendInitialEvents is provided`)]
      : []),
    ...(match === 'NotOlderThan' ? [] : [unsupported(field, match, ['NotOlderThan'])]),
    ...(options.continue === undefined ? [] : [forbiddenField(field, `${field} is forbidden with continue`)]),
  ];
}

function forbiddenField(field: string, detail: string): FieldError {
  return { type: 'Forbidden', field, message: `Forbidden: ${detail}` };
}

/** The FieldError of a value that is none of a few. */
export function unsupported(field: string, value: unknown, allowed: readonly string[]): FieldError {
  const list = allowed.map((item) => JSON.stringify(item)).join(', ');
  return {
    type: 'NotSupported',
    field,
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
  };
}
