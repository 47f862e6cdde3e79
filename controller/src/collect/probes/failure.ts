import { errors } from 'undici';
import { errorCode, errorMessage } from '../../errors.ts';
import type { ProbeErrorKind, ProbeResult } from '../../model/observation.ts';
import { ProbeCancelledError, ProbeDeadlineError } from './deadline.ts';

/** What one attempt found out; the prober adds protocol and time. */
export type ProbeOutcome = Omit<ProbeResult, 'protocol' | 'at'>;

export type ProbeFailure = NonNullable<ProbeResult['error']>;

/** Text of other people's servers goes into logs and mails: enough to understand it, no more. */
const MAX_MESSAGE_CHARACTERS = 300;

/** One bounded line without control characters. */
export function failure(kind: ProbeErrorKind, message: string): ProbeFailure {
  return { kind, message: message.replaceAll(/[\p{Cc}\s]+/gu, ' ').slice(0, MAX_MESSAGE_CHARACTERS) };
}

const networkFailures: Readonly<Record<string, readonly [ProbeErrorKind, string]>> = {
  ECONNREFUSED: ['refused', 'connection refused: nothing listens there'],
  ECONNRESET: ['reset', 'connection reset by the other side'],
  EPIPE: ['reset', 'connection closed by the other side'],
  UND_ERR_SOCKET: ['reset', 'connection closed before the answer was complete'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['reset', 'connection closed before the answer was complete'],
  ENOTFOUND: ['dns', 'host name not found'],
  EAI_AGAIN: ['dns', 'host name not found: the name server does not answer'],
  ETIMEDOUT: ['timeout', 'no connection in time'],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', 'no connection in time'],
  UND_ERR_HEADERS_TIMEOUT: ['timeout', 'no answer in time'],
  UND_ERR_BODY_TIMEOUT: ['timeout', 'no complete answer in time'],
  EHOSTUNREACH: ['network', 'host unreachable'],
  ENETUNREACH: ['network', 'network unreachable'],
  UND_ERR_HEADERS_OVERFLOW: ['network', 'the answer has too many headers'],
  ERR_SOCKET_BAD_PORT: ['config', 'the port is not a port number'],
  UND_ERR_INVALID_ARG: ['config', 'the request cannot be sent: check its address, method and headers'],
  CERT_HAS_EXPIRED: ['tls', 'the certificate has expired'],
  CERT_NOT_YET_VALID: ['tls', 'the certificate is not valid yet'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls', 'the certificate is self-signed'],
  SELF_SIGNED_CERT_IN_CHAIN: ['tls', 'the certificate chain ends in a self-signed certificate that is not trusted'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['tls', 'the certificate is signed by an unknown authority'],
  UNABLE_TO_GET_ISSUER_CERT: ['tls', 'the certificate is signed by an unknown authority'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['tls', 'the certificate is signed by an unknown authority'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls', 'the certificate is for another host name'],
  EPROTO: ['tls', 'TLS handshake failed: the port may not speak TLS'],
};

/** Tells apart what a socket, TLS or undici error means; text of the error itself only where there is no code. */
export function classifyFailure(thrown: unknown): ProbeFailure {
  if (thrown instanceof ProbeDeadlineError) return failure('timeout', `no answer within ${thrown.timeoutMs} ms`);
  if (thrown instanceof ProbeCancelledError) return failure('network', 'the probe was called off');
  const code = errorCode(thrown);
  const known = Object.hasOwn(networkFailures, code) ? networkFailures[code] : undefined;
  if (known !== undefined) return failure(known[0], `${known[1]} (${code})`);
  if (thrown instanceof errors.HTTPParserError) return failure('network', 'the answer is not HTTP');
  if (/^(ERR_SSL_|ERR_TLS_|CERT_|CRL_)/.test(code)) return failure('tls', `TLS failed (${code})`);
  return failure('network', code === '' ? errorMessage(thrown) : `network error (${code})`);
}
