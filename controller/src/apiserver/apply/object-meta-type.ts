import type { ListType, MapType, MergeType } from './merge-type.ts';

const text: MergeType = { scalar: 'string' };
const numeric: MergeType = { scalar: 'numeric' };
const time: MergeType = { scalar: 'untyped' };
const texts: MergeType = { map: { isAtomic: false, fields: new Map(), element: text } };

/** `meta/v1` OwnerReference, which has one owner as a whole. */
const ownerReference: MapType = {
  isAtomic: true,
  fields: new Map([
    ...['apiVersion', 'kind', 'name', 'uid'].map((name): [string, MergeType] => [name, text]),
    ...['controller', 'blockOwnerDeletion'].map((name): [string, MergeType] => [name, { scalar: 'boolean' }]),
  ]),
};

const managedFieldsEntry: MapType = {
  isAtomic: false,
  fields: new Map<string, MergeType>([
    ...['manager', 'operation', 'apiVersion', 'fieldsType', 'subresource'].map((name): [string, MergeType] => [
      name,
      text,
    ]),
    ['time', time],
    ['fieldsV1', { map: { isAtomic: true, fields: new Map(), element: time } }],
  ]),
};

function list(change: Partial<ListType>): MergeType {
  return { list: { isAtomic: false, keys: [], keyDefaults: new Map(), element: text, ...change } };
}

/** `meta/v1` ObjectMeta, as its OpenAPI schema has it. */
export const objectMetaType: MergeType = {
  map: {
    isAtomic: false,
    fields: new Map<string, MergeType>([
      ...['name', 'generateName', 'namespace', 'selfLink', 'uid', 'resourceVersion'].map(
        (name): [string, MergeType] => [name, text],
      ),
      ['generation', numeric],
      ['deletionGracePeriodSeconds', numeric],
      ['creationTimestamp', time],
      ['deletionTimestamp', time],
      ['labels', texts],
      ['annotations', texts],
      ['finalizers', list({})],
      ['ownerReferences', list({ keys: ['uid'], element: { map: ownerReference } })],
      ['managedFields', list({ isAtomic: true, element: { map: managedFieldsEntry } })],
    ]),
  },
};
