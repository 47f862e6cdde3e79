/** What a request carries, and the type that it is announced with. */
import { isUtf8 } from 'node:buffer';
import { extname } from 'node:path';
import type { ReadFile } from './files.ts';
import { InputError } from './input-error.ts';

export interface Body {
  /** Text may have placeholders; bytes that are no text go as they are. */
  readonly content: string | Buffer;
  /** Used unless a header says otherwise. */
  readonly contentType: string;
  /** Of the option, for messages. */
  readonly what: string;
}

/** Each is held in memory as a whole, and a text with placeholders is made anew for each request. */
export const MAX_BODY_BYTES = 10_485_760;

const JSON_TYPE = 'application/json';
const TYPE_OF_EXTENSION: Readonly<Record<string, string>> = {
  '.json': JSON_TYPE,
  '.ndjson': 'application/x-ndjson',
  '.xml': 'application/xml',
  '.html': 'text/html; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
  '.form': 'application/x-www-form-urlencoded',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
  '.gz': 'application/gzip',
};

/** JSON when it begins as an object or an array does, else plain text. */
export function inlineBody(what: string, text: string): Body {
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) throw new InputError(`${what} is larger than ${MAX_BODY_BYTES} bytes`);
  return { what, content: text, contentType: /^\s*[{[]/.test(text) ? JSON_TYPE : 'text/plain; charset=utf-8' };
}

/** @throws InputError when the file is missing or too large */
export function fileBody(what: string, path: string, readFile: ReadFile): Body {
  const bytes = readFile(what, path, MAX_BODY_BYTES);
  const contentType = TYPE_OF_EXTENSION[extname(path).toLowerCase()] ?? 'application/octet-stream';
  return { what: `${what} ${path}`, content: isUtf8(bytes) ? bytes.toString('utf8') : bytes, contentType };
}

/** `@FILE`, or the text itself. */
export function parseBody(what: string, text: string, readFile: ReadFile): Body {
  return text.startsWith('@') ? fileBody(what, text.slice(1), readFile) : inlineBody(what, text);
}
