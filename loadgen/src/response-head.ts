/** The head of an answer of HTTP/1.1 (RFC 9112), as far as a load generator looks at it. */

export class ProtocolError extends Error {
  readonly code = 'HPE_INVALID';
}

/** `body`: bytes that follow, or how its end is told. */
export type Head =
  | { readonly kind: 'interim' }
  | {
      readonly kind: 'final';
      readonly status: number;
      /** No other answer follows on this connection. */
      readonly isLast: boolean;
      readonly body: number | 'chunked' | 'until-end';
    };

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [^\r\n]*)?(?:\r\n|$)/;
const CONTENT_LENGTH = /\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*(?:\r\n|$)/i;
const ANY_LENGTH = /\r\ncontent-length:/i;
const CHUNKED = /\r\ntransfer-encoding:[^\r\n]*\bchunked[ \t]*(?:\r\n|$)/i;
const CONNECTION = /\r\nconnection:[ \t]*([^\r\n]*)/i;
const KEEP_ALIVE = /\r\nkeep-alive:[^\r\n]*\btimeout=(\d{1,6})/i;

/**
 * @param hasNoBody the answer to HEAD has none, whatever its headers say
 * @throws ProtocolError for what is no head of HTTP/1.1
 */
export function parseHead(head: string, hasNoBody: boolean): Head {
  const line = STATUS_LINE.exec(head);
  if (line === null) throw new ProtocolError('no HTTP/1.1 answer');
  const status = Number(line[2]);
  if (status === 101) throw new ProtocolError('the server changed the protocol unasked');
  if (status < 200) return { kind: 'interim' };
  const body = hasNoBody || status === 204 || status === 304 ? 0 : bodyOf(head);
  const connection = CONNECTION.exec(head)?.[1]?.toLowerCase() ?? '';
  const endsByWord = line[1] === '0' ? !connection.includes('keep-alive') : connection.includes('close');
  return { kind: 'final', status, isLast: endsByWord || body === 'until-end', body };
}

function bodyOf(head: string): number | 'chunked' | 'until-end' {
  if (CHUNKED.test(head)) return 'chunked';
  const length = CONTENT_LENGTH.exec(head);
  // What is no number must not be waited for until the timeout.
  if (length === null && ANY_LENGTH.test(head)) throw new ProtocolError('a length that is no number');
  if (length === null) return 'until-end';
  if (CONTENT_LENGTH.test(head.slice(length.index + 2))) throw new ProtocolError('two lengths');
  return Number(length[1]);
}

/** How long the server keeps a connection that is idle, by its own word; Infinity without one. */
export function parseKeptIdleMs(head: string): number {
  return Number(KEEP_ALIVE.exec(head)?.[1] ?? Infinity) * 1000;
}
