import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../kube/client.ts';
import { invalidValue, type FieldError } from '../kube/status.ts';
import { isRecord, own } from './json.ts';

const MAX_KEY_CHARACTERS = 253;
const KEY_TEXT =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const IMMUTABLE = 'field is immutable when `immutable` is set';

/** As `ValidateConfigMap` and `ValidateConfigMapUpdate` of Kubernetes. */
export function configMapErrors(object: KubeObject, old: KubeObject | undefined): readonly FieldError[] {
  const parts = ['data', 'binaryData'];
  return [...parts.flatMap((part) => keyErrors(object, part)), ...immutableErrors(object, old, parts)];
}

/** As `ValidateSecret` and `ValidateSecretUpdate` of Kubernetes. */
export function secretErrors(object: KubeObject, old: KubeObject | undefined): readonly FieldError[] {
  const [type, was] = [valueOf(object, 'type'), old && valueOf(old, 'type')];
  return [
    ...keyErrors(object, 'data'),
    ...(was === undefined || was === type ? [] : [invalidValue('type', type, 'field is immutable')]),
    ...immutableErrors(object, old, ['data']),
  ];
}

function keyErrors(object: KubeObject, part: string): readonly FieldError[] {
  const found = valueOf(object, part);
  return Object.keys(isRecord(found) ? found : {}).flatMap((key) =>
    keyFaults(key).map((fault) => invalidValue(`${part}[${key}]`, key, fault)),
  );
}

function keyFaults(key: string): readonly string[] {
  if (key.length > MAX_KEY_CHARACTERS) return [`must be no more than ${MAX_KEY_CHARACTERS} characters`];
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) return [KEY_TEXT];
  if (key === '.' || key === '..') return [`must not be '${key}'`];
  return key.startsWith('..') ? [`must not start with '..'`] : [];
}

function immutableErrors(
  object: KubeObject,
  old: KubeObject | undefined,
  parts: readonly string[],
): readonly FieldError[] {
  if (old === undefined || valueOf(old, 'immutable') !== true) return [];
  return ['immutable', ...parts]
    .filter((field) => !isDeepStrictEqual(valueOf(object, field), valueOf(old, field)))
    .map((field) => ({ type: 'Forbidden', field, message: `Forbidden: ${IMMUTABLE}` }));
}

/** Of a field that only these kinds have. */
function valueOf(object: KubeObject, field: string): unknown {
  return isRecord(object) ? own(object, field) : undefined;
}
