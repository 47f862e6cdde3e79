/** The endpoints of a command line, in their short form and as JSON. */
import { fileBody, inlineBody, parseBody, type Body } from './body.ts';
import {
  checkEndpoint,
  DEFAULT_ENDPOINTS,
  endpointName,
  MAX_ENDPOINTS,
  parseEndpoint,
  type Endpoint,
} from './endpoint.ts';
import type { ReadFile } from './files.ts';
import { checkHeaders } from './header.ts';
import { InputError } from './input-error.ts';

/** Methods that `--body` is for; another one has a body of its own or none. */
const BODY_METHODS: readonly string[] = ['POST', 'PUT', 'PATCH'];
const FIELDS: readonly string[] = ['method', 'path', 'weight', 'headers', 'body', 'bodyFile'];

/**
 * @param texts of `--endpoint`; undefined: those of the sample application
 * @param sharedBody of `--body`: for every POST, PUT and PATCH that has none of its own
 * @throws InputError
 */
export function parseEndpoints(
  texts: readonly string[] | undefined,
  sharedBody: string | undefined,
  readFile: ReadFile,
): readonly Endpoint[] {
  if (texts !== undefined && texts.length > MAX_ENDPOINTS) {
    throw new InputError(`at most ${MAX_ENDPOINTS} endpoints, not ${texts.length}`);
  }
  const endpoints = texts?.map((text) => parseOne(text, readFile)) ?? DEFAULT_ENDPOINTS;
  const names = endpoints.map(endpointName);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw new InputError(`--endpoint ${JSON.stringify(double)} is given twice: use @weight`);
  return sharedBody === undefined ? endpoints : shareBody(endpoints, sharedBody, readFile);
}

function shareBody(endpoints: readonly Endpoint[], text: string, readFile: ReadFile): readonly Endpoint[] {
  const body = parseBody('--body', text, readFile);
  if (!endpoints.some(wantsBody))
    throw new InputError('--body: no endpoint is a POST, PUT or PATCH without a body of its own');
  return endpoints.map((endpoint) => (wantsBody(endpoint) ? { ...endpoint, body } : endpoint));
}

function wantsBody({ method, body }: Endpoint): boolean {
  return body === undefined && BODY_METHODS.includes(method);
}

function parseOne(text: string, readFile: ReadFile): Endpoint {
  return text.startsWith('{') ? parseJson(text, readFile) : parseEndpoint(text);
}

function parseJson(text: string, readFile: ReadFile): Endpoint {
  const fields = decodeObject(text);
  const path = readText(fields, 'path');
  if (path === undefined) throw new InputError('--endpoint in JSON has no path');
  const what = JSON.stringify(path);
  const unknown = Object.keys(fields).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    throw new InputError(`--endpoint ${what}: ${JSON.stringify(unknown)} is not known: choose ${FIELDS.join(', ')}`);
  }
  const weight = fields['weight'] ?? 1;
  const headers = fields['headers'];
  const body = readBody(what, fields, readFile);
  return checkEndpoint(what, {
    method: readText(fields, 'method') ?? 'GET',
    path,
    weight: typeof weight === 'number' ? weight : Number.NaN,
    ...(headers !== undefined && { headers: readHeaders(what, headers) }),
    ...(body !== undefined && { body }),
  });
}

type Fields = Readonly<Record<string, unknown>>;

function decodeObject(text: string): Fields {
  try {
    // A text that begins with a brace is an object, if it is JSON at all.
    return JSON.parse(text) as Fields;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(
      '--endpoint begins as JSON and is none: write {"path":"/orders","method":"POST","body":"..."}',
    );
  }
}

function readText(fields: Fields, field: string): string | undefined {
  const value = fields[field];
  if (value === undefined || typeof value === 'string') return value;
  throw new InputError(`--endpoint in JSON: ${field} is not a text`);
}

function readHeaders(what: string, value: unknown): Readonly<Record<string, string>> {
  const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap || !pairs.every((pair): pair is [string, string] => typeof pair[1] === 'string')) {
    throw new InputError(`--endpoint ${what}: headers are names with texts`);
  }
  return checkHeaders(`--endpoint ${what}: header`, pairs);
}

function readBody(what: string, fields: Fields, readFile: ReadFile): Body | undefined {
  const [text, path] = [readText(fields, 'body'), readText(fields, 'bodyFile')];
  if (text !== undefined && path !== undefined) {
    throw new InputError(`--endpoint ${what}: give one of body and bodyFile`);
  }
  if (text !== undefined) return inlineBody(`body of endpoint ${what}`, text);
  if (path === undefined) return undefined;
  return fileBody(`body of endpoint ${what}`, path, readFile);
}
