import { errorCode, errorMessage, FoghornError, type FoghornErrorCode } from '../errors.ts';
import { isRecord } from './cluster-decode.ts';
import { StatusError, type StatusCause, type StatusDetails } from './status.ts';

/** Of an answer that is no Status, as a proxy before the server gives it. */
const MAX_SHOWN_CHARACTERS = 200;
const MAX_READ_CHARACTERS = 4096;
/** A server that asks for more is not waited for within a call. */
const MAX_RETRY_AFTER_MS = 10_000;

/** Nobody stays away for longer, whatever the server says. */
const MAX_STAY_AWAY_MS = 120_000;

const codes: ReadonlyMap<number, FoghornErrorCode> = new Map([
  [401, 'Forbidden'],
  [403, 'Forbidden'],
  [404, 'NotFound'],
  [408, 'Unavailable'],
  [409, 'Conflict'],
  [410, 'Gone'],
  [413, 'TooLarge'],
  [422, 'Invalid'],
  [429, 'Unavailable'],
]);

type Header = string | readonly string[] | undefined;

/**
 * The fault that an answer with this HTTP status tells of; `body` is a Status, or whatever stood in its place. When the
 * server says by a header only how long to stay away, the fault says it too.
 */
export function faultOf(httpStatus: number, body: unknown, retryAfter?: Header): StatusError {
  if (!isRecord(body) || body['kind'] !== 'Status') {
    const shown =
      typeof body === 'string'
        ? body
            .slice(0, MAX_READ_CHARACTERS)
            .replaceAll(/<[^>]{0,200}>|[^\x20-\x7e]/g, ' ')
            .replaceAll(/ +/g, ' ')
        : '';
    const message = `the API server answered HTTP ${httpStatus} ${shown.slice(0, MAX_SHOWN_CHARACTERS)}`.trim();
    return new StatusError(codeOf(httpStatus, undefined), { message, code: httpStatus, ...awayFor(retryAfter) });
  }
  const reason = textOf(body['reason']);
  const details = detailsOf(body['details']);
  return new StatusError(codeOf(httpStatus, reason), {
    message: textOf(body['message']) ?? `HTTP ${httpStatus}`,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? awayFor(retryAfter) : { details: { ...awayFor(retryAfter).details, ...details } }),
    code: httpStatus,
  });
}

/** The fault that an ERROR event of a watch tells of; its HTTP status is in the Status. */
export function faultOfEvent(object: unknown): StatusError {
  const code = isRecord(object) ? object['code'] : undefined;
  return faultOf(typeof code === 'number' ? code : 500, object);
}

/** Whatever kept a call from its answer: no connection, a broken one, a certificate that is not trusted. */
export function networkFault(server: string, thrown: unknown): FoghornError {
  if (thrown instanceof FoghornError) return thrown;
  const what = [errorCode(thrown), errorMessage(thrown)].filter((part) => part !== '').join(': ');
  return new FoghornError('Unavailable', `the API server ${server}: ${what}`, { cause: thrown });
}

/**
 * How long the server asks to wait before the same call is made again: it has done nothing yet. Undefined when it does
 * not ask, or for too long. A date in place of seconds is not understood; API servers send none.
 */
export function retryAfterMs(httpStatus: number, header: Header): number | undefined {
  if (httpStatus !== 429 && httpStatus !== 503) return undefined;
  const seconds = secondsOf(header);
  if (seconds === undefined) return undefined;
  const waitMs = Math.max(1, seconds) * 1000;
  return waitMs <= MAX_RETRY_AFTER_MS ? waitMs : undefined;
}

/** How long the server wants to be left alone after a fault; 0 when it says nothing. */
export function stayAwayMs(fault: unknown): number {
  const seconds = fault instanceof StatusError ? (fault.status.details?.retryAfterSeconds ?? 0) : 0;
  return Math.min(Math.max(0, seconds) * 1000, MAX_STAY_AWAY_MS);
}

function awayFor(header: Header): { readonly details?: StatusDetails } {
  const retryAfterSeconds = secondsOf(header);
  return retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } };
}

function secondsOf(header: Header): number | undefined {
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

function codeOf(httpStatus: number, reason: string | undefined): FoghornErrorCode {
  if (reason === 'AlreadyExists') return 'AlreadyExists';
  if (reason === 'Expired' || reason === 'Gone') return 'Gone';
  return codes.get(httpStatus) ?? (httpStatus >= 500 ? 'Unavailable' : 'BadRequest');
}

function detailsOf(value: unknown): StatusDetails | undefined {
  if (!isRecord(value)) return undefined;
  const [name, group, kind, uid] = ['name', 'group', 'kind', 'uid'].map((field) => textOf(value[field]));
  const { retryAfterSeconds, causes } = value;
  return {
    ...(name === undefined ? {} : { name }),
    ...(group === undefined ? {} : { group }),
    ...(kind === undefined ? {} : { kind }),
    ...(uid === undefined ? {} : { uid }),
    ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
    ...(Array.isArray(causes) ? { causes: causes.filter(isRecord).map(causeOf) } : {}),
  };
}

function causeOf(cause: Readonly<Record<string, unknown>>): StatusCause {
  const field = textOf(cause['field']);
  return {
    reason: textOf(cause['reason']) ?? '',
    message: textOf(cause['message']) ?? '',
    ...(field === undefined ? {} : { field }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
