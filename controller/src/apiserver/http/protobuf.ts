import { badRequest } from '../../kube/status.ts';

/** How the fields of a message are read: by number, to a field of the object in JSON. */
type Message = Readonly<Record<number, readonly [name: string, type: FieldType]>>;
type FieldType =
  | 'string'
  | 'bytes'
  | 'bool'
  | 'int'
  | 'time'
  | 'strings'
  | 'stringMap'
  | 'bytesMap'
  | { readonly message: Message }
  | { readonly messages: Message };

const ownerReference: Message = {
  1: ['kind', 'string'],
  3: ['name', 'string'],
  4: ['uid', 'string'],
  5: ['apiVersion', 'string'],
  6: ['controller', 'bool'],
  7: ['blockOwnerDeletion', 'bool'],
};

/** Numbers as in generated.proto of k8s.io/apimachinery, k8s.io/api/core/v1, authorization/v1 and authentication/v1. */
const objectMeta: Message = {
  1: ['name', 'string'],
  2: ['generateName', 'string'],
  3: ['namespace', 'string'],
  5: ['uid', 'string'],
  6: ['resourceVersion', 'string'],
  7: ['generation', 'int'],
  8: ['creationTimestamp', 'time'],
  11: ['labels', 'stringMap'],
  12: ['annotations', 'stringMap'],
  13: ['ownerReferences', { messages: ownerReference }],
  14: ['finalizers', 'strings'],
};
const metadata = ['metadata', { message: objectMeta }] as const;

const resourceAttributes: Message = {
  1: ['namespace', 'string'],
  2: ['verb', 'string'],
  3: ['group', 'string'],
  4: ['version', 'string'],
  5: ['resource', 'string'],
  6: ['subresource', 'string'],
  7: ['name', 'string'],
};
const accessReviewSpec: Message = {
  1: ['resourceAttributes', { message: resourceAttributes }],
  2: ['nonResourceAttributes', { message: { 1: ['path', 'string'], 2: ['verb', 'string'] } }],
};

const deleteOptions: Message = {
  1: ['gracePeriodSeconds', 'int'],
  2: ['preconditions', { message: { 1: ['uid', 'string'], 2: ['resourceVersion', 'string'] } }],
  3: ['orphanDependents', 'bool'],
  4: ['propagationPolicy', 'string'],
  5: ['dryRun', 'strings'],
};

/** The kinds that kubectl and Helm send in this form. */
const messages: ReadonlyMap<string, Message> = new Map<string, Message>([
  ['v1/Namespace', { 1: metadata, 2: ['spec', { message: { 1: ['finalizers', 'strings'] } }] }],
  [
    'v1/Secret',
    {
      1: metadata,
      2: ['data', 'bytesMap'],
      3: ['type', 'string'],
      4: ['stringData', 'stringMap'],
      5: ['immutable', 'bool'],
    },
  ],
  ['v1/ConfigMap', { 1: metadata, 2: ['data', 'stringMap'], 3: ['binaryData', 'bytesMap'], 4: ['immutable', 'bool'] }],
  ['authorization.k8s.io/v1/SelfSubjectAccessReview', { 1: metadata, 2: ['spec', { message: accessReviewSpec }] }],
  [
    'authorization.k8s.io/v1/SelfSubjectRulesReview',
    { 1: metadata, 2: ['spec', { message: { 1: ['namespace', 'string'] } }] },
  ],
  ['authentication.k8s.io/v1/SelfSubjectReview', { 1: metadata }],
  ['v1/DeleteOptions', deleteOptions],
  ['meta.k8s.io/v1/DeleteOptions', deleteOptions],
]);

const envelope: Message = {
  1: ['type', { message: { 1: ['apiVersion', 'string'], 2: ['kind', 'string'] } }],
  2: ['raw', 'bytes'],
};

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);
/** Fields in one body; more would be nothing that kubectl sends. */
const MAX_FIELDS = 10_000;
const MAX_VARINT_BYTES = 10;

/** The object in a body of type application/vnd.kubernetes.protobuf. Throws BadRequest for anything that is none. */
export function decodeProtobuf(body: Uint8Array): unknown {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw malformed('it does not begin with k8s\\0');
  const budget = { fields: MAX_FIELDS };
  const { type, raw } = decodeMessage(bytes.subarray(MAGIC.length), envelope, budget);
  const { apiVersion = '', kind = '' } = isStrings(type) ? type : {};
  const message = messages.get(`${apiVersion}/${kind}`);
  if (message === undefined) throw malformed(`${kind} of ${apiVersion} is not read in this form: send JSON`);
  const content = typeof raw === 'string' ? Buffer.from(raw, 'base64') : Buffer.alloc(0);
  return { apiVersion, kind, ...decodeMessage(content, message, budget) };
}

interface Field {
  readonly number: number;
  readonly varint: number;
  readonly content: Buffer;
}

function decodeMessage(bytes: Buffer, message: Message, budget: { fields: number }): Record<string, unknown> {
  const fields = readFields(bytes, budget).filter(({ number }) => Object.hasOwn(message, number));
  const entries = new Map<string, unknown>();
  for (const field of fields) {
    const [name, type] = message[field.number] ?? ['', 'string'];
    const value = decodeField(field, type, entries.get(name), budget);
    if (value !== '' && value !== undefined) entries.set(name, value);
  }
  return Object.fromEntries(entries);
}

function decodeField(field: Field, type: FieldType, before: unknown, budget: { fields: number }): unknown {
  const { content } = field;
  if (typeof type !== 'string') {
    if ('message' in type) return decodeMessage(content, type.message, budget);
    return [...listOf(before), decodeMessage(content, type.messages, budget)];
  }
  switch (type) {
    case 'string':
      return content.toString('utf8');
    case 'bytes':
      return content.toString('base64');
    case 'bool':
      return field.varint !== 0;
    case 'int':
      return field.varint;
    case 'strings':
      return [...listOf(before), content.toString('utf8')];
    case 'time':
      return timeOf(readFields(content, budget));
    default:
      return { ...(isStrings(before) ? before : {}), ...entryOf(content, type, budget) };
  }
}

function entryOf(content: Buffer, type: 'stringMap' | 'bytesMap', budget: { fields: number }): Record<string, unknown> {
  const pair = decodeMessage(
    content,
    { 1: ['key', 'string'], 2: ['value', type === 'bytesMap' ? 'bytes' : 'string'] },
    budget,
  );
  const { key, value } = pair;
  return Object.fromEntries([[typeof key === 'string' ? key : '', value ?? '']]);
}

/** A zero time is written as an empty message. */
function timeOf(fields: readonly Field[]): string | undefined {
  const seconds = fields.find(({ number }) => number === 1)?.varint ?? 0;
  const date = new Date(seconds * 1000);
  return seconds === 0 || Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace('.000Z', 'Z');
}

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

function readFields(bytes: Buffer, budget: { fields: number }): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
      const byte = bytes[at];
      if (byte === undefined) throw malformed('it ends too early');
      at += 1;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    throw malformed('a number is too long');
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw malformed('it ends too early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    budget.fields -= 1;
    if (budget.fields < 0) throw malformed(`more than ${MAX_FIELDS} fields`);
    const tag = varint();
    const number = Math.floor(tag / 8);
    const none = Buffer.alloc(0);
    switch (tag % 8) {
      case VARINT:
        fields.push({ number, varint: varint(), content: none });
        break;
      case DELIMITED:
        fields.push({ number, varint: 0, content: take(varint()) });
        break;
      case FIXED64:
        take(8);
        break;
      case FIXED32:
        take(4);
        break;
      default:
        throw malformed('a field has an unknown wire type');
    }
  }
  return fields;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isStrings(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(why: string): Error {
  return badRequest(`the body of the request cannot be decoded as protobuf: ${why}`);
}
