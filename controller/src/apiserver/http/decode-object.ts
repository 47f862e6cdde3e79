import { badRequest } from '../../kube/status.ts';
import { isRecord, own } from '../json.ts';
import type { WriteOptions } from '../operations.ts';
import { decodeBody } from './body.ts';
import type { KindRequest } from './context.ts';
import { duplicateFields } from './duplicate-fields.ts';
import { parseMediaType } from './negotiate.ts';

/** How much of a body is repeated to say that it has no kind, and how much of it in short. */
const SHOWN_BODY_CHARACTERS = 2048;
const SUMMARY_CHARACTERS = 30;

/** The object in the body. Throws BadRequest when it does not say its kind, in the words of an API server. */
export function decodeObject({ kind, headers, body }: KindRequest): unknown {
  const object = decodeBody(headers.contentType, body);
  if (isRecord(object) && typeof own(object, 'kind') === 'string' && own(object, 'kind') !== '') return object;
  const text = Buffer.from(body).toString('utf8').slice(0, SHOWN_BODY_CHARACTERS);
  const summary = text.length > SUMMARY_CHARACTERS ? `${text.slice(0, SUMMARY_CHARACTERS)} ...` : text;
  throw badRequest(
    `the object provided is unrecognized (must be of type ${kind.resource.kind}): Object 'Kind' is missing in '${text}' (${summary})`,
  );
}

/** Fields that the body gives twice: warnings, with Strict a BadRequest, with Ignore nothing. */
export function duplicateFaults(request: KindRequest, { fieldValidation = 'Warn' }: WriteOptions): readonly string[] {
  const { kind, headers, body } = request;
  const { type } = parseMediaType(headers.contentType ?? '');
  if (fieldValidation === 'Ignore' || (type !== '' && type !== 'application/json')) return [];
  const fields = duplicateFields(Buffer.from(body).toString('utf8'));
  const faults = fields.map((field) => `duplicate field ${JSON.stringify(field)}`);
  if (fieldValidation === 'Warn' || faults.length === 0) return faults;
  const { kind: name, version } = kind.resource;
  throw badRequest(
    `${name} in version "${version}" cannot be handled as a ${name}: strict decoding error: ${faults.join(', ')}`,
  );
}
