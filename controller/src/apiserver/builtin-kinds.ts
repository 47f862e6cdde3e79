import { events } from '../kube/client.ts';
import type { KindDefinition } from './kind.ts';
import { parseSchema } from './schema/structural.ts';

/** As the default of kube-apiserver's --event-ttl. */
const EVENT_TIME_TO_LIVE_MS = 60 * 60 * 1000;

const text = (maxLength: number) => ({ type: 'string', maxLength });
const time = { type: 'string', format: 'date-time', nullable: true };
const freeForm = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** core/v1 Event: the bounds of its fields; the rest is as it is sent. */
const eventSchema = {
  type: 'object',
  required: ['involvedObject'],
  properties: {
    involvedObject: {
      type: 'object',
      properties: {
        apiVersion: text(253),
        kind: text(253),
        namespace: text(63),
        name: text(253),
        uid: text(128),
        resourceVersion: text(64),
        fieldPath: text(1024),
      },
    },
    reason: text(128),
    message: text(1024),
    type: text(32),
    count: { type: 'integer', format: 'int32', minimum: 0 },
    firstTimestamp: time,
    lastTimestamp: time,
    eventTime: time,
    source: { type: 'object', properties: { component: text(253), host: text(253) } },
    reportingComponent: text(253),
    reportingInstance: text(128),
    action: text(128),
    series: freeForm,
    related: freeForm,
  },
};

/** Kinds that are served without a CRD. */
export const builtinKinds: readonly KindDefinition[] = [
  {
    resource: events,
    schema: parseSchema(eventSchema, 'Event'),
    hasStatus: false,
    countsGenerations: false,
    requiresResourceVersion: false,
    selectableFields: [
      'involvedObject.kind',
      'involvedObject.namespace',
      'involvedObject.name',
      'involvedObject.uid',
      'involvedObject.apiVersion',
      'reason',
      'type',
    ],
    timeToLiveMs: EVENT_TIME_TO_LIVE_MS,
  },
];
