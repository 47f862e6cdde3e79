import { errorMessage } from '../../errors.ts';
import type { UnreachableReason } from '../../model/observation.ts';

/** A kubelet that could not be asked, with what is wrong and what to do in one line. */
export class KubeletError extends Error {
  readonly reason: UnreachableReason;

  constructor(reason: UnreachableReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KubeletError';
    this.reason = reason;
  }
}

const MAX_DETAIL = 200;

/** What an answer other than 200 means. A kubelet's errors are plain text. */
export function failureOfStatus(status: number, body: string): KubeletError {
  const detail = body
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, MAX_DETAIL);
  if (status === 401) {
    const advice = 'it does not accept the token: is webhook authentication on, and is the account still there?';
    return new KubeletError('PermissionDenied', `401 ${detail}: ${advice}`);
  }
  if (status === 403) {
    return new KubeletError('PermissionDenied', `403 ${detail}: give the account get on nodes/stats (a ClusterRole)`);
  }
  return new KubeletError('BadAnswer', `${status} ${detail}`);
}

const CERTIFICATE_CODES = /^(?:ERR_TLS_CERT_ALTNAME_INVALID|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|ERR_SSL)/;

/** What a call that failed means. */
export function classifyFailure(thrown: unknown): KubeletError {
  if (thrown instanceof KubeletError) return thrown;
  const code = codeOf(thrown);
  if (CERTIFICATE_CODES.test(code)) {
    const advice =
      'approve its serving certificate (serverTLSBootstrap), or give its CA by KUBELET_CA_FILE, or set KUBELET_INSECURE_TLS=true';
    return new KubeletError('BadAnswer', `its certificate cannot be verified (${code}): ${advice}`, { cause: thrown });
  }
  if (code === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'ABORT_ERR') {
    return new KubeletError('Timeout', 'it gave no answer in time', { cause: thrown });
  }
  return new KubeletError('HostUnreachable', errorMessage(thrown).slice(0, MAX_DETAIL), { cause: thrown });
}

function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return thrown.cause instanceof Error ? codeOf(thrown.cause) : thrown.name;
}
