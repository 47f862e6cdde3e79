import { parse } from 'yaml';
import { errorMessage } from '../../errors.ts';
import { badRequest, StatusError } from '../../kube/status.ts';
import { parseMediaType } from './negotiate.ts';
import { decodeProtobuf } from './protobuf.ts';

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

const patchTypes: ReadonlyMap<string, PatchType> = new Map([
  ['application/json-patch+json', 'json'],
  ['application/merge-patch+json', 'merge'],
  ['application/strategic-merge-patch+json', 'strategic'],
  ['application/apply-patch+yaml', 'apply'],
]);

/** Aliases that one YAML document may expand: bounds what a small body may grow to. */
const MAX_YAML_ALIASES = 10;

/** The object in the body of a write. Throws 415 for other types, 400 for what cannot be read. */
export function decodeBody(contentType: string | undefined, body: Uint8Array): unknown {
  const { type } = parseMediaType(contentType ?? '');
  switch (type) {
    case '':
    case 'application/json':
      return parseJson(body, "couldn't get version/kind; json parse error");
    case 'application/yaml':
      return parseYaml(body);
    case 'application/vnd.kubernetes.protobuf':
      return decodeProtobuf(body);
    default:
      throw unsupportedType(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
  }
}

/** The patch in a body, and of which type it is. `hasStrategic`: built-in kinds take those too. */
export function decodePatch(
  contentType: string | undefined,
  body: Uint8Array,
  hasStrategic: boolean,
): { readonly type: PatchType; readonly patch: unknown } {
  const type = patchTypes.get(parseMediaType(contentType ?? '').type);
  if (type === undefined || (type === 'strategic' && !hasStrategic)) {
    throw unsupportedType(
      [...patchTypes.keys()].filter((name) => hasStrategic || patchTypes.get(name) !== 'strategic'),
    );
  }
  return { type, patch: type === 'apply' ? parseYaml(body) : parseJson(body, 'error decoding patch') };
}

export function unsupportedType(accepted: readonly string[]): StatusError {
  return new StatusError('BadRequest', {
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    reason: 'UnsupportedMediaType',
    code: 415,
  });
}

function parseJson(body: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (thrown) {
    const text = errorMessage(thrown);
    const isCut =
      body.length === 0 || /end of JSON input|Unterminated|Expected .* in JSON at position \d+ \(line/.test(text);
    throw badRequest(`${what}: ${isCut ? 'unexpected end of JSON input' : text.replace(/ in JSON at .*$/, '')}`);
  }
}

/** YAML 1.1 as kubectl itself reads it, of which JSON is a part. */
function parseYaml(body: Uint8Array): unknown {
  try {
    return parse(Buffer.from(body).toString('utf8'), {
      version: '1.1',
      maxAliasCount: MAX_YAML_ALIASES,
      schema: 'yaml-1.1',
    });
  } catch (thrown) {
    throw badRequest(`error decoding YAML: ${errorMessage(thrown).slice(0, 300)}`);
  }
}
