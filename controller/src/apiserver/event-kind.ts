import type { KubeObject } from '../kube/client.ts';
import { ageOf, textColumn } from './cells.ts';
import { isRecord, own, type JsonRecord } from './json.ts';
import type { PrinterColumn } from './kind.ts';

const text = (maxLength: number) => ({ type: 'string', maxLength });
const time = { type: 'string', format: 'date-time', nullable: true };
const freeForm = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** core/v1 Event: the bounds of its fields; the rest is as it is sent. */
export const eventSchema: unknown = {
  type: 'object',
  description: 'What happened to an object; kept for an hour.',
  required: ['involvedObject'],
  properties: {
    involvedObject: {
      type: 'object',
      'x-kubernetes-map-type': 'atomic',
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

/** What every Event shows, also when it is not set. */
export const eventZero: JsonRecord = {
  involvedObject: {},
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: null,
  reportingComponent: '',
  reportingInstance: '',
};

/** As an API server prints events, which has the name last. */
export const eventColumns: readonly PrinterColumn[] = [
  textColumn('Last Seen', (event, nowMs) => ageOf(lastSeen(event), nowMs)),
  textColumn('Type', (event) => textAt(event, 'type')),
  textColumn('Reason', (event) => textAt(event, 'reason')),
  textColumn('Object', objectOf),
  textColumn('Subobject', (event) => textAt(event, 'involvedObject', 'fieldPath'), { priority: 1 }),
  textColumn('Source', sourceOf, { priority: 1 }),
  textColumn('Message', (event) => textAt(event, 'message').trim()),
  textColumn('First Seen', (event, nowMs) => ageOf(at(event, 'firstTimestamp') ?? at(event, 'eventTime'), nowMs), {
    priority: 1,
  }),
  textColumn('Count', countOf, { priority: 1 }),
  textColumn('Name', (event) => event.metadata.name, { priority: 1, format: 'name' }),
];

function lastSeen(event: KubeObject): unknown {
  return at(event, 'series', 'lastObservedTime') ?? at(event, 'lastTimestamp') ?? at(event, 'eventTime');
}

function objectOf(event: KubeObject): string {
  const kind = textAt(event, 'involvedObject', 'kind').toLowerCase();
  const name = textAt(event, 'involvedObject', 'name');
  return name === '' ? kind : `${kind}/${name}`;
}

function sourceOf(event: KubeObject): string {
  const source = [textAt(event, 'source', 'component'), textAt(event, 'source', 'host')];
  const reporter = [textAt(event, 'reportingComponent'), textAt(event, 'reportingInstance')];
  return (source[0] === '' ? reporter : source).filter((part) => part !== '').join(', ');
}

function countOf(event: KubeObject): number {
  const count = at(event, 'series', 'count') ?? at(event, 'count');
  return typeof count === 'number' && count > 0 ? count : 1;
}

function textAt(event: KubeObject, ...path: readonly string[]): string {
  const found = at(event, ...path);
  return typeof found === 'string' ? found : '';
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (isRecord(found) ? (own(found, key) ?? undefined) : undefined), value);
}
