import { stringify, type Tags } from 'yaml';
import { isFoghornError, errorMessage } from '../../errors.ts';
import { StatusError, type Status } from '../../kube/status.ts';
import type { Log } from '../../log.ts';
import type { Form } from './negotiate.ts';
import type { ResourceRequest } from './request-info.ts';

/** What is sent back, before it is bytes. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

const noHeaders: Answer['headers'] = {};
/** Of all warnings of one answer together, as an API server bounds them. */
const MAX_WARNING_CHARACTERS = 4096;

export function jsonAnswer(status: number, value: unknown, headers: Answer['headers'] = noHeaders): Answer {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value)}\n`, headers };
}

/** The value in the encoding that was asked for. */
export function formAnswer(status: number, value: unknown, form: Form, headers: Answer['headers'] = noHeaders): Answer {
  if (form.encoding === 'json') return jsonAnswer(status, value, headers);
  return { status, contentType: 'application/yaml', body: toYaml(value), headers };
}

/** A lone dot, which managedFields are full of, is no number to the readers and writers of Kubernetes. */
function withoutDot(tag: Tags[number]): Tags[number] {
  if (typeof tag === 'string' || tag.collection !== undefined || tag.test === undefined || !tag.test.test('.'))
    return tag;
  return { ...tag, test: new RegExp(`(?!^\\.$)${tag.test.source}`) };
}

/** As sigs.k8s.io/yaml writes: keys in order, lists not indented, times in quotes. */
function toYaml(value: unknown): string {
  return stringify(value, {
    version: '1.1',
    aliasDuplicateObjects: false,
    indentSeq: false,
    lineWidth: 0,
    sortMapEntries: true,
    customTags: (tags) => tags.map(withoutDot),
  });
}

export function textAnswer(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body, headers: { 'x-content-type-options': 'nosniff' } };
}

/** What an API server says of a path that it does not know at all. */
export const pageNotFound: Answer = textAnswer(404, '404 page not found\n');

/** Any fault as a Status; one that is not the caller's is logged, and not told. */
export function faultAnswer(thrown: unknown, log: Log): Answer {
  if (thrown instanceof StatusError) return statusAnswer(callersFault(thrown.status));
  if (isFoghornError(thrown, 'NotFound')) return pageNotFound;
  log.error(
    { error: errorMessage(thrown), stack: thrown instanceof Error ? thrown.stack : undefined },
    'request failed',
  );
  return statusAnswer(failure(500, 'InternalError', 'Internal error occurred'));
}

/** Some faults of the caller are a 500 without a reason on an API server; here they are his. */
function callersFault(status: Status): Status {
  return status.code === 500 && status.reason === undefined ? { ...status, code: 400 } : status;
}

export function statusAnswer(status: Status): Answer {
  const retryAfter = status.details?.retryAfterSeconds;
  return jsonAnswer(status.code, status, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });
}

export function failure(code: number, reason: string, message: string): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

/** Warnings as headers: `299 - "text"`. Outside text is in them, so nothing that ends a header may stay. */
export function warningHeaders(warnings: readonly string[]): Answer['headers'] {
  let left = MAX_WARNING_CHARACTERS;
  const lines = [...new Set(warnings)].flatMap((warning) => {
    // headers are bytes: UTF-8 goes in them as it is
    const clean = Buffer.from(warning.replaceAll(/\p{Cc}/gu, ' '), 'utf8').toString('latin1');
    left -= clean.length;
    return left < 0 ? [] : [`299 - "${clean.replaceAll(/["\\]/g, String.raw`\$&`)}"`];
  });
  return lines.length === 0 ? {} : { warning: lines };
}

/** A verb that the resource does not know. @param why after the words of an API server */
export function notAllowed({ group, plural, subresource, verb }: ResourceRequest, why: string = ''): StatusError {
  const name = group === '' ? plural : `${plural}.${group}`;
  const part = subresource === undefined ? name : `${name}/${subresource}`;
  return new StatusError('BadRequest', {
    message: `${verb} is not supported on resources of kind ${JSON.stringify(part)}${why}`,
    reason: 'MethodNotAllowed',
    details: { ...(group === '' ? {} : { group }), kind: plural },
    code: 405,
  });
}
