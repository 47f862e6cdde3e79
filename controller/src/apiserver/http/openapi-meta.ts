/** Schemas of k8s.io/apimachinery that every kind refers to, with the descriptions that `kubectl explain` shows. */

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const described = (description: string, name: string) => ({ description, default: {}, allOf: [ref(name)] });
const text = (description: string) => ({ type: 'string', description });
const texts = (description: string) => ({
  type: 'object',
  additionalProperties: { type: 'string', default: '' },
  description,
});

export const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
export const LIST_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta';
const TIME = 'io.k8s.apimachinery.pkg.apis.meta.v1.Time';
const OWNER_REFERENCE = 'io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference';
const MANAGED_FIELDS = 'io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry';
const FIELDS = 'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1';

export const apiVersionField: unknown = text(
  'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
);
export const kindField: unknown = text(
  'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
);
export const metadataField: unknown = described(
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  OBJECT_META,
);
export const listMetadataField: unknown = described(
  'Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  LIST_META,
);

export const metaSchemas: Readonly<Record<string, unknown>> = {
  [OBJECT_META]: {
    type: 'object',
    description:
      'ObjectMeta is metadata that all persisted resources must have, which includes all objects users must create.',
    properties: {
      name: text(
        'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
      ),
      generateName: text(
        'GenerateName is an optional prefix, used by the server, to generate a unique name ONLY IF the Name field has not been provided.',
      ),
      namespace: text('Namespace defines the space within which each name must be unique. Cannot be updated.'),
      selfLink: text('Deprecated: selfLink is a legacy read-only field that is no longer populated by the system.'),
      uid: text('UID is the unique in time and space value for this object. Populated by the system. Read-only.'),
      resourceVersion: text(
        'An opaque value that represents the internal version of this object that can be used by clients to determine when objects have changed. Populated by the system. Read-only.',
      ),
      generation: {
        type: 'integer',
        format: 'int64',
        description:
          'A sequence number representing a specific generation of the desired state. Populated by the system. Read-only.',
      },
      creationTimestamp: described(
        'CreationTimestamp is a timestamp representing the server time when this object was created. Populated by the system. Read-only.',
        TIME,
      ),
      deletionTimestamp: described(
        'DeletionTimestamp is RFC 3339 date and time at which this resource will be deleted. Populated by the system when a graceful deletion is requested. Read-only.',
        TIME,
      ),
      deletionGracePeriodSeconds: {
        type: 'integer',
        format: 'int64',
        description:
          'Number of seconds allowed for this object to gracefully terminate before it will be removed from the system. Read-only.',
      },
      labels: texts(
        'Map of string keys and values that can be used to organize and categorize (scope and select) objects. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels',
      ),
      annotations: texts(
        'Annotations is an unstructured key value map stored with a resource that may be set by external tools to store and retrieve arbitrary metadata. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations',
      ),
      ownerReferences: {
        type: 'array',
        description:
          'List of objects depended by this object. If ALL objects in the list have been deleted, this object will be garbage collected.',
        items: { default: {}, allOf: [ref(OWNER_REFERENCE)] },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['uid'],
      },
      finalizers: {
        type: 'array',
        description: 'Must be empty before the object is deleted from the registry.',
        items: { type: 'string', default: '' },
        'x-kubernetes-list-type': 'set',
      },
      managedFields: {
        type: 'array',
        description:
          'ManagedFields maps workflow-id and version to the set of fields that are managed by that workflow.',
        items: { default: {}, allOf: [ref(MANAGED_FIELDS)] },
        'x-kubernetes-list-type': 'atomic',
      },
    },
  },
  [LIST_META]: {
    type: 'object',
    description:
      'ListMeta describes metadata that synthetic resources must have, including lists and various status objects.',
    properties: {
      continue: text('continue may be set if the user set a limit on the number of items returned.'),
      remainingItemCount: {
        type: 'integer',
        format: 'int64',
        description:
          'remainingItemCount is the number of subsequent items in the list which are not included in this list response.',
      },
      resourceVersion: text("String that identifies the server's internal version of this object."),
      selfLink: text('Deprecated: selfLink is a legacy read-only field that is no longer populated by the system.'),
    },
  },
  [TIME]: { type: 'string', format: 'date-time', description: 'Time is a time in RFC 3339 format.' },
  [OWNER_REFERENCE]: {
    type: 'object',
    description: 'OwnerReference contains enough information to let you identify an owning object.',
    required: ['apiVersion', 'kind', 'name', 'uid'],
    properties: {
      apiVersion: text('API version of the referent.'),
      kind: text('Kind of the referent.'),
      name: text('Name of the referent.'),
      uid: text('UID of the referent.'),
      controller: { type: 'boolean', description: 'If true, this reference points to the managing controller.' },
      blockOwnerDeletion: {
        type: 'boolean',
        description:
          'If true, AND if the owner has the "foregroundDeletion" finalizer, then the owner cannot be deleted until this reference is removed.',
      },
    },
    'x-kubernetes-map-type': 'atomic',
  },
  [MANAGED_FIELDS]: {
    type: 'object',
    description:
      'ManagedFieldsEntry is a workflow-id, a FieldSet and the group version of the resource that the fieldset applies to.',
    properties: {
      apiVersion: text('APIVersion defines the version of this resource that this field set applies to.'),
      fieldsType: text('FieldsType is the discriminator for the different fields format and version.'),
      fieldsV1: described('FieldsV1 holds the first JSON version format as described in the "FieldsV1" type.', FIELDS),
      manager: text('Manager is an identifier of the workflow managing these fields.'),
      operation: text('Operation is the type of operation which lead to this ManagedFieldsEntry being created.'),
      subresource: text(
        'Subresource is the name of the subresource used to update that object, or empty string if the object was updated through the main resource.',
      ),
      time: described('Time is the timestamp of when the ManagedFields entry was added.', TIME),
    },
  },
  [FIELDS]: {
    type: 'object',
    description: 'FieldsV1 stores a set of fields in a data structure like a Trie, in JSON format.',
  },
};
