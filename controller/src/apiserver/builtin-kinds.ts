import { events } from '../kube/client.ts';
import { ageOf, textColumn } from './cells.ts';
import { configMapErrors, secretErrors } from './builtin-rules.ts';
import { completeNamespace, completeSecret, namespaceZero } from './complete-builtin.ts';
import { eventColumns, eventSchema, eventZero } from './event-kind.ts';
import { isRecord, own } from './json.ts';
import type { KindDefinition, PrinterColumn } from './kind.ts';
import { parseSchema } from './schema/structural.ts';
import { configMaps, customResourceDefinitions, leases, namespaces, secrets } from './builtin-resources.ts';

/** As the default of kube-apiserver's --event-ttl. */
const EVENT_TIME_TO_LIVE_MS = 60 * 60 * 1000;

const freeForm = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const text = { type: 'string' };
const texts = { type: 'object', additionalProperties: { type: 'string' } };
const time = { type: 'string', format: 'date-time', nullable: true };
const integer = { type: 'integer', format: 'int32' };

const objectAge: PrinterColumn = textColumn('Age', (object, nowMs) => ageOf(object.metadata.creationTimestamp, nowMs));

/** What all kinds without a CRD have in common. */
const builtIn = {
  hasStatus: false,
  countsGenerations: false,
  requiresResourceVersion: false,
  selectableFields: [],
} as const;

function named(singular: string, kind: string, ...short: readonly string[]) {
  return { singular, list: `${kind}List`, short, categories: [] };
}

/** Kinds that are served without a CRD. */
export const builtinKinds: readonly KindDefinition[] = [
  {
    ...builtIn,
    resource: events,
    schema: parseSchema(eventSchema, 'Event'),
    selectableFields: [
      'involvedObject.kind',
      'involvedObject.namespace',
      'involvedObject.name',
      'involvedObject.uid',
      'involvedObject.apiVersion',
      'involvedObject.resourceVersion',
      'involvedObject.fieldPath',
      'reason',
      'reportingComponent',
      'source',
      'type',
    ],
    zero: eventZero,
    complete: (event) => ({ ...eventZero, ...event }),
    names: named('event', 'Event', 'ev'),
    columns: eventColumns,
    timeToLiveMs: EVENT_TIME_TO_LIVE_MS,
  },
  {
    ...builtIn,
    resource: namespaces,
    schema: parseSchema(
      {
        type: 'object',
        description: 'A scope for the names of objects.',
        properties: { spec: freeForm, status: freeForm },
      },
      'Namespace',
    ),
    zero: namespaceZero,
    complete: completeNamespace,
    selectableFields: ['status.phase'],
    names: named('namespace', 'Namespace', 'ns'),
    columns: [textColumn('Status', (object) => field(object.status, 'phase') ?? ''), objectAge],
  },
  {
    ...builtIn,
    resource: configMaps,
    schema: parseSchema(
      {
        type: 'object',
        description: 'Texts by their names.',
        properties: { data: texts, binaryData: texts, immutable: { type: 'boolean' } },
      },
      'ConfigMap',
    ),
    errors: configMapErrors,
    names: named('configmap', 'ConfigMap', 'cm'),
    columns: [textColumn('Data', (object) => sizeOf(object, 'data') + sizeOf(object, 'binaryData')), objectAge],
  },
  {
    ...builtIn,
    resource: secrets,
    schema: parseSchema(
      {
        type: 'object',
        description: 'Bytes by their names, encrypted where they are kept.',
        properties: {
          data: texts,
          stringData: texts,
          type: { ...text, maxLength: 253 },
          immutable: { type: 'boolean' },
        },
      },
      'Secret',
    ),
    selectableFields: ['type'],
    complete: completeSecret,
    errors: secretErrors,
    names: named('secret', 'Secret'),
    columns: [
      textColumn('Type', (object) => field(object, 'type') ?? ''),
      textColumn('Data', (object) => sizeOf(object, 'data')),
      objectAge,
    ],
  },
  {
    ...builtIn,
    resource: leases,
    schema: parseSchema(
      {
        type: 'object',
        description: 'Who holds something, and until when.',
        properties: {
          spec: {
            type: 'object',
            properties: {
              holderIdentity: { ...text, maxLength: 253 },
              leaseDurationSeconds: { ...integer, minimum: 1 },
              leaseTransitions: { ...integer, minimum: 0 },
              acquireTime: time,
              renewTime: time,
              strategy: text,
              preferredHolder: text,
            },
          },
        },
      },
      'Lease',
    ),
    names: named('lease', 'Lease'),
    columns: [textColumn('Holder', (object) => field(object.spec, 'holderIdentity') ?? ''), objectAge],
  },
  {
    ...builtIn,
    resource: customResourceDefinitions,
    schema: parseSchema(
      {
        type: 'object',
        description: 'A kind that is served; part of this software, to be read only.',
        properties: { spec: freeForm, status: freeForm },
      },
      'CustomResourceDefinition',
    ),
    hasStatus: true,
    countsGenerations: true,
    names: named('customresourcedefinition', 'CustomResourceDefinition', 'crd', 'crds'),
    columns: [textColumn('Created At', (object) => object.metadata.creationTimestamp ?? '', { type: 'date' })],
  },
];

function field(value: unknown, key: string): unknown {
  return isRecord(value) ? own(value, key) : undefined;
}

function sizeOf(object: unknown, key: string): number {
  const found = field(object, key);
  return isRecord(found) ? Object.keys(found).length : 0;
}
