/** Why a request counts as an error. */
export const FAILURE_KINDS = [
  /** Nobody listens there, or no way leads there. */
  'refused',
  /** The connection broke before the answer was complete. */
  'reset',
  /** No complete answer in time, or no free connection in time. */
  'timeout',
  /** The host name has no address. */
  'dns',
  'tls',
  /** Answered with a status of 400 or above. */
  'http',
  /** Answered with something that is not HTTP. */
  'protocol',
  /** No connection for want of file descriptors, ports or memory here: says nothing of the target. */
  'local',
  /** Cut off because the run was stopped. */
  'aborted',
  'other',
] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

const KIND_OF_CODE: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EMFILE: 'local',
  ENFILE: 'local',
  EADDRNOTAVAIL: 'local',
  ENOBUFS: 'local',
  ENOMEM: 'local',
  EPROTO: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  HOSTNAME_MISMATCH: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'protocol',
};

const KIND_OF_PREFIX: readonly (readonly [string, FailureKind])[] = [
  ['HPE_', 'protocol'],
  ['ERR_TLS_', 'tls'],
  ['ERR_SSL_', 'tls'],
  ['CERT_', 'tls'],
  ['UNABLE_TO_', 'tls'],
];

/** Sorts an error of a socket, of the resolver, of TLS or of undici by its code. */
export function classifyFailure(error: Error): FailureKind {
  // undici gives its parser's errors a code only where the parser had one.
  if (error.name === 'HTTPParserError') return 'protocol';
  // Of a name with several addresses: the first may be of a family that this machine has not.
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : undefined;
  if (last instanceof Error) return classifyFailure(last);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return KIND_OF_CODE[code] ?? KIND_OF_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'other';
}

export function isFailureKind(text: string): text is FailureKind {
  return FAILURE_KINDS.some((kind) => kind === text);
}
