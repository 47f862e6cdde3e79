import { StatusError } from '../../kube/status.ts';

/** The form in which an answer is given. */
export interface Form {
  readonly encoding: 'json' | 'yaml';
  /** What the object is shown as, when it is not the object itself. */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  /** Version of meta.k8s.io that the answer is in. */
  readonly metaVersion: string;
}

interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Media types that are looked at; the rest of a longer header is not. */
const MAX_MEDIA_TYPES = 32;
const plain: Form = { encoding: 'json', metaVersion: 'v1' };

/** Reads an `Accept` header; parameters that are not known are ignored. */
export function parseAccept(header: string | undefined): readonly MediaType[] {
  return (header ?? '')
    .split(',')
    .slice(0, MAX_MEDIA_TYPES)
    .map(parseMediaType)
    .filter(({ type }) => type !== '');
}

export function parseMediaType(text: string): MediaType {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  return {
    type: type.toLowerCase(),
    parameters: new Map(
      parameters.map((parameter) => {
        const at = parameter.indexOf('=');
        return at < 0 ? [parameter, ''] : [parameter.slice(0, at), parameter.slice(at + 1)];
      }),
    ),
  };
}

/** The first form asked for that can be given. Throws NotAcceptable (406) when there is none. */
export function negotiate(header: string | undefined): Form {
  const asked = parseAccept(header);
  if (asked.length === 0) return plain;
  for (const mediaType of asked) {
    const form = formOf(mediaType);
    if (form !== undefined) return form;
  }
  throw notAcceptable(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
}

export function notAcceptable(accepted: readonly string[]): StatusError {
  return new StatusError('BadRequest', {
    message: `only the following media types are accepted: ${accepted.join(', ')}`,
    reason: 'NotAcceptable',
    code: 406,
  });
}

function formOf({ type, parameters }: MediaType): Form | undefined {
  const as = parameters.get('as');
  const encoding = encodingOf(type);
  if (encoding === undefined) return undefined;
  if (as === undefined) return { ...plain, encoding };
  const metaVersion = parameters.get('v') ?? '';
  if (parameters.get('g') !== 'meta.k8s.io' || (metaVersion !== 'v1' && metaVersion !== 'v1beta1')) return undefined;
  return as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList'
    ? { encoding, as, metaVersion }
    : undefined;
}

function encodingOf(type: string): Form['encoding'] | undefined {
  if (type === 'application/json' || type === 'application/*' || type === '*/*') return 'json';
  return type === 'application/yaml' ? 'yaml' : undefined;
}
