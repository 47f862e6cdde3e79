import { errorCode, errorMessage } from '../../errors.ts';
import type { UnreachableHost } from '../../model/host.ts';
import type { UnreachableReason } from '../../model/observation.ts';

export type EngineFault = Exclude<UnreachableHost['reason'], 'Starting'>;

/** A call to an engine that failed, with what is wrong and what to do in one line. */
export class EngineError extends Error {
  readonly reason: EngineFault;
  /** HTTP status, when the engine answered. */
  readonly status: number | undefined;

  constructor(reason: EngineFault, message: string, options?: ErrorOptions & { readonly status?: number }) {
    super(message, options);
    this.name = 'EngineError';
    this.reason = reason;
    this.status = options?.status;
  }
}

/** Longest text taken from an engine or ssh into a message. */
const MAX_DETAIL = 300;

/** What a failed call to the engine at `url` means. */
export function classifyFailure(thrown: unknown, url: string): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const { code, name } = codeOf(thrown);
  const known = FAILURES.find(({ codes }) => codes.test(code === '' ? name : code));
  const reason = known?.reason ?? 'BadAnswer';
  const detail = known === undefined ? `: ${plain(errorMessage(thrown))}` : ` ${known.says.replace('CODE', code)}`;
  return new EngineError(reason, `${url}${detail}`, { cause: thrown });
}

/** What an answer other than 200 means. */
export function failureOfStatus(status: number, body: string, url: string): EngineError {
  const reason = status === 401 || status === 403 ? 'PermissionDenied' : 'BadAnswer';
  const advice = status === 403 ? ': let the proxy allow CONTAINERS, EVENTS, INFO and VERSION' : '';
  return new EngineError(reason, `${url} answered ${status}: ${plain(body)}${advice}`, { status });
}

/** A host's fault as the reason why its containers cannot be observed. */
export function unreachableReason(reason: UnreachableHost['reason']): UnreachableReason {
  return reason === 'PermissionDenied' || reason === 'Timeout' || reason === 'BadAnswer' ? reason : 'HostUnreachable';
}

interface KnownFailure {
  /** System or TLS error codes; names of errors that have none. */
  readonly codes: RegExp;
  readonly reason: EngineFault;
  readonly says: string;
}

const FAILURES: readonly KnownFailure[] = [
  {
    codes: /^(ENOENT|ENOTSOCK|ENOTDIR)$/,
    reason: 'NoSocket',
    says: 'is no Docker socket: is Docker running? start it, or set DOCKER_HOST to its socket',
  },
  {
    codes: /^(EACCES|EPERM)$/,
    reason: 'PermissionDenied',
    says: 'gives this user no permission: add the user to the docker group, or run with DOCKER_GID set to the group of the socket',
  },
  { codes: /^ECONNREFUSED$/, reason: 'Refused', says: 'refuses the connection: start the Docker engine' },
  {
    codes: /^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/,
    reason: 'Refused',
    says: 'cut the connection (CODE): the engine stops or restarts',
  },
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/,
    reason: 'Refused',
    says: 'is not found or not routed (CODE): check the address',
  },
  {
    codes: /^(TimeoutError|AbortError|ABORT_ERR|ETIMEDOUT)$/,
    reason: 'Timeout',
    says: 'did not answer in time: the engine is starting, hung or overloaded',
  },
  {
    codes: /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/,
    reason: 'BadAnswer',
    says: 'failed in TLS (CODE): check DOCKER_CERT_PATH',
  },
];

function codeOf(thrown: unknown): { readonly code: string; readonly name: string } {
  if (!(thrown instanceof Error)) return { code: '', name: '' };
  return { code: errorCode(thrown), name: thrown.name };
}

/** One line of printable text. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, MAX_DETAIL);
}
