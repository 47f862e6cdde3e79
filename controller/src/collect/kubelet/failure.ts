import { errorCode, errorMessage } from '../../errors.ts';
import type { UnreachableHostReason } from '../../model/host.ts';
import type { UnreachableReason } from '../../model/observation.ts';

/** Why a source of readings gave none: each wants something else of who mends it. */
export type KubeletFault =
  /** 401: it does not accept the token. */
  | 'unauthorized'
  /** 403: it knows who asks, and refuses. */
  | 'forbidden'
  /** 404: it serves no such thing. */
  | 'notServed'
  /** Its certificate is signed by nobody we trust. */
  | 'authority'
  /** Its certificate is another node's. */
  | 'name'
  /** Its certificate is not valid at this time. */
  | 'expired'
  /** It has no certificate yet: nobody has approved its request. */
  | 'uncertified'
  | 'timeout'
  | 'refused'
  /** No way to its address, or no such name. */
  | 'noRoute'
  /** The connection broke before the answer was whole. */
  | 'reset'
  /** The answer is not what it should be. */
  | 'garbage'
  | 'tooLarge'
  /** Its readings are of long ago. */
  | 'stale';

/** A source that gave no readings, with what is wrong and what to do in one line. */
export class KubeletError extends Error {
  readonly fault: KubeletFault;

  constructor(fault: KubeletFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KubeletError';
    this.fault = fault;
  }
}

interface Reasons {
  readonly host: UnreachableHostReason;
  readonly target: UnreachableReason;
}

const reasons: Readonly<Record<KubeletFault, Reasons>> = {
  unauthorized: { host: 'Unauthorized', target: 'PermissionDenied' },
  forbidden: { host: 'PermissionDenied', target: 'PermissionDenied' },
  notServed: { host: 'BadAnswer', target: 'BadAnswer' },
  authority: { host: 'CertificateNotTrusted', target: 'BadAnswer' },
  name: { host: 'CertificateName', target: 'BadAnswer' },
  expired: { host: 'CertificateExpired', target: 'BadAnswer' },
  uncertified: { host: 'CertificateNotTrusted', target: 'BadAnswer' },
  timeout: { host: 'Timeout', target: 'Timeout' },
  refused: { host: 'Refused', target: 'HostUnreachable' },
  noRoute: { host: 'NoRoute', target: 'HostUnreachable' },
  reset: { host: 'Reset', target: 'HostUnreachable' },
  garbage: { host: 'BadAnswer', target: 'BadAnswer' },
  tooLarge: { host: 'BadAnswer', target: 'BadAnswer' },
  stale: { host: 'Stale', target: 'BadAnswer' },
};

export function reasonsOf({ fault }: KubeletError): Reasons {
  return reasons[fault];
}

export function isKubeletFault(value: unknown): value is KubeletFault {
  return typeof value === 'string' && Object.hasOwn(reasons, value);
}

const MAX_DETAIL = 200;

/** What an answer other than 200 means; `right` is what the caller needs ("nodes/stats"). A kubelet's errors are plain text. */
export function failureOfStatus(status: number, body: string, right: string): KubeletError {
  const detail = `${status} ${printable(body)}`.trim();
  if (status === 401) {
    const advice = 'it does not accept the token: is webhook authentication on, and is the account still there?';
    return new KubeletError('unauthorized', `${detail}: ${advice}`);
  }
  if (status === 403) {
    return new KubeletError('forbidden', `${detail}: give the account get on ${right} (a ClusterRole)`);
  }
  return new KubeletError(status === 404 ? 'notServed' : 'garbage', detail);
}

function printable(text: string): string {
  return text
    .slice(0, MAX_DETAIL * 4)
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, MAX_DETAIL);
}

/** By the code of Node's TLS, of the socket, or of undici. */
const faultCodes: readonly (readonly [RegExp, KubeletFault])[] = [
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'name'],
  [/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/, 'expired'],
  [/^ERR_SSL_.{1,20}ALERT_(?:INTERNAL_ERROR|HANDSHAKE_FAILURE)$/, 'uncertified'],
  [/^(?:DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|ERR_SSL|EPROTO)/, 'authority'],
  [/^(?:TimeoutError|ETIMEDOUT|ABORT_ERR|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/, 'timeout'],
  [/^ECONNREFUSED$/, 'refused'],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'reset'],
  [/^UND_ERR_RES_EXCEEDED_MAX_SIZE$/, 'tooLarge'],
  [/^(?:HPE_|UND_ERR_)/, 'garbage'],
];

/** What a call that failed means. */
export function classifyFailure(thrown: unknown): KubeletError {
  if (thrown instanceof KubeletError) return thrown;
  const code = codeOf(thrown);
  const [, fault = 'noRoute'] = faultCodes.find(([pattern]) => pattern.test(code)) ?? [];
  return new KubeletError(fault, explain(fault, code, thrown), { cause: thrown });
}

const TRUST_ADVICE =
  'approve its serving certificate (serverTLSBootstrap), or give its CA by KUBELET_CA_FILE, or set KUBELET_INSECURE_TLS=true';

function explain(fault: KubeletFault, code: string, thrown: unknown): string {
  switch (fault) {
    case 'authority':
      return `its certificate cannot be verified (${code}): ${TRUST_ADVICE}`;
    case 'name':
      return `its certificate is not for this node (${code}): it must name the node`;
    case 'expired':
      return code === 'CERT_NOT_YET_VALID'
        ? `its certificate is not valid yet (${code}): do the clocks agree?`
        : `its certificate has expired (${code}): does it rotate (rotateCertificates, and who approves the request)?`;
    case 'uncertified':
      return `it has no serving certificate yet (${code}): approve its request (kubectl get csr)`;
    case 'timeout':
      return 'it gave no answer in time';
    case 'tooLarge':
      return 'its answer is too large';
    default:
      return printable(errorMessage(thrown));
  }
}

function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  const code = errorCode(thrown);
  if (code !== '') return code;
  return thrown.cause instanceof Error ? codeOf(thrown.cause) : thrown.name;
}
