import { jsonAnswer, type Answer } from './answer.ts';

/** What kubectl asks for, and nothing else. */
const PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/**
 * The document of `/openapi/v2`, which names no schema: those are in `/openapi/v3`. kubectl looks here for a kind that it
 * did not find there, and without a document it would tell of the document instead of the kind.
 */
export function answerOpenApiV2(version: string, accept: string | undefined): Answer {
  const info = { title: 'Foghorn', version };
  const headers = { vary: 'Accept' };
  if (accept?.includes(PROTOBUF) !== true) {
    return jsonAnswer(200, { swagger: '2.0', info, paths: {}, definitions: {} }, headers);
  }
  // fields 1 and 2 of openapi.v2.Document, 1 and 2 of its Info
  const body = field(1, '2.0') + field(2, field(1, info.title) + field(2, info.version));
  return { status: 200, contentType: PROTOBUF.replace('@', '.'), body, headers };
}

/** A string or message of the protobuf wire format; of ASCII, shorter than 128 characters. */
function field(tag: number, text: string): string {
  return String.fromCharCode(tag * 8 + 2, text.length) + text;
}
