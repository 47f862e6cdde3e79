import { InputError } from './input-error.ts';

/** Names in lower case. A value may have placeholders. */
export type Headers = Readonly<Record<string, string>>;

export const MAX_HEADERS = 50;
/** They belong to the connection, which is ours. */
export const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'expect',
]);

/** `Name: value` each. @throws InputError */
export function parseHeaders(texts: readonly string[]): Headers {
  return checkHeaders('--header', texts.map(splitHeader));
}

function splitHeader(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon <= 0) {
    const [name] = text.split(/\s/);
    throw new InputError(`--header ${JSON.stringify(name)} is not a header: write 'Name: value'`);
  }
  return [text.slice(0, colon), text.slice(colon + 1)];
}

/** @throws InputError; values, which may be secrets, are not told */
export function checkHeaders(what: string, pairs: readonly (readonly [string, string])[]): Headers {
  if (pairs.length > MAX_HEADERS) throw new InputError(`at most ${MAX_HEADERS} headers, not ${pairs.length}`);
  const headers = new Map<string, string>();
  for (const [given, value] of pairs) {
    const name = given.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || !/^[\t\x20-\x7e]*$/.test(value)) {
      const form = "write 'Name: value' in one line of printable ASCII";
      throw new InputError(`${what} ${JSON.stringify(given)} is not a header: ${form}`);
    }
    if (RESERVED_HEADERS.has(name)) {
      const way = name === 'connection' ? ', but for --no-keep-alive' : '';
      throw new InputError(`${what} ${given} belongs to the connection and cannot be set${way}`);
    }
    if (headers.has(name)) throw new InputError(`${what} ${given} is given twice`);
    headers.set(name, value.trim());
  }
  return Object.fromEntries(headers);
}
