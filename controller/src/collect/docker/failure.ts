import { errorMessage } from '../../errors.ts';
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
  const because = (reason: EngineFault, message: string): EngineError =>
    new EngineError(reason, message, { cause: thrown });
  if (code === 'ENOENT') return because('NoSocket', `no Docker socket at ${url}: is Docker running? ${SOCKET_ADVICE}`);
  if (code === 'EACCES' || code === 'EPERM') return because('PermissionDenied', `${url}: ${PERMISSION_ADVICE}`);
  if (code === 'ENOTSOCK') return because('NoSocket', `${url} is not a socket: ${SOCKET_ADVICE}`);
  if (code === 'ECONNREFUSED') return because('Refused', `${url} refuses the connection: start the Docker engine`);
  if (CUT.has(code)) return because('Refused', `${url} cut the connection (${code}): the engine stops or restarts`);
  if (UNFOUND.has(code)) return because('Refused', `${url} is not found or not routed (${code}): check the address`);
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'ETIMEDOUT') {
    return because('Timeout', `${url} did not answer in time: the engine is starting, hung or overloaded`);
  }
  if (isTls(code)) return because('BadAnswer', `TLS with ${url} failed (${code}): check DOCKER_CERT_PATH`);
  return because('BadAnswer', `${url}: ${plain(errorMessage(thrown))}`);
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

const SOCKET_ADVICE = 'start it, or set DOCKER_HOST to its socket';
const PERMISSION_ADVICE =
  'no permission on the socket: add the user to the docker group, or run with DOCKER_GID set to the group of the socket';
const CUT = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);
const UNFOUND = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function isTls(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)|^EPROTO$/.test(code);
}

function codeOf(thrown: unknown): { readonly code: string; readonly name: string } {
  if (!(thrown instanceof Error)) return { code: '', name: '' };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  return { code, name: thrown.name };
}

/** One line of printable text. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, MAX_DETAIL);
}
