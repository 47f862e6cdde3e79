import type { Clock } from '../clock.ts';
import { errorMessage, isFoghornError } from '../errors.ts';
import type { Log } from '../log.ts';
import { events, type KubeObject, type ResourceClient } from './client.ts';
import { createEventCorrelator, type CorrelatedEvent } from './event-correlator.ts';

/** core/v1 Event. */
export interface KubeEvent extends KubeObject {
  readonly involvedObject: InvolvedObject;
  /** One CamelCase word. */
  readonly reason: string;
  readonly message: string;
  readonly type: 'Normal' | 'Warning';
  readonly count: number;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
  readonly source: { readonly component: string };
  readonly reportingComponent: string;
  readonly reportingInstance: string;
}

export interface InvolvedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface EventRecorder {
  /** Says something about an object. Never waits and never throws; floods are held back. */
  record(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** Resolves when everything that was said has been written or given up. */
  flush(): Promise<void>;
  /** Gives what is still to be written `drainMs`, and drops the rest. */
  stop(drainMs?: number): Promise<void>;
}

export interface EventRecorderDependencies {
  readonly client: ResourceClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly component: string;
  /** Which of several controllers: its host name. */
  readonly instance: string;
}

/** client-go's broadcaster: events that wait to be written, and how often each is tried. */
const MAX_QUEUED = 1_000;
const MAX_TRIES = 12;
const RETRY_DELAY_MS = 10_000;
/** What the API takes; longer messages are cut. */
const MAX_MESSAGE_CHARACTERS = 1_024;
const MAX_NAME_CHARACTERS = 230;
const DRAIN_MS = 5_000;
/** A write takes up to a millisecond of the one thread: when much happens at once, the mails about it go between. */
const BATCH = 10;
const PAUSE_MS = 5;

/** Messages hold names and errors from outside, and are read in terminals; line breaks may stay. */
const hostileCharacters = /[^\P{Cc}\n]|\p{Cf}/gu;

interface Job {
  readonly about: InvolvedObject;
  readonly type: KubeEvent['type'];
  readonly reason: string;
  readonly event: CorrelatedEvent;
}

export function createEventRecorder(deps: EventRecorderDependencies): EventRecorder {
  const { client, clock, log } = deps;
  const correlator = createEventCorrelator();
  const queue: Job[] = [];
  const stopping = new AbortController();
  const state: { working: Promise<void> | undefined } = { working: undefined };
  let named = 0;
  /** Since the queue was last full; a flood of events must not become one of log lines. */
  let dropped = 0;

  const work = async (): Promise<void> => {
    for (let count = 1; ; count += 1) {
      const job = queue.shift();
      if (job === undefined || stopping.signal.aborted) break;
      await write(job);
      if (count % BATCH === 0 && queue.length > 0) await clock.sleep(PAUSE_MS, stopping.signal).catch(() => undefined);
    }
    state.working = undefined;
    if (dropped > 1) log.warn({ dropped }, 'events are written again');
    dropped = 0;
  };
  const write = async (job: Job): Promise<void> => {
    for (let tries = 1; tries <= MAX_TRIES && !stopping.signal.aborted; tries += 1) {
      try {
        await store(client, job, deps);
        return;
      } catch (thrown) {
        const worthwhile = isFoghornError(thrown, 'Unavailable') || isFoghornError(thrown, 'Conflict');
        log.warn(
          { event: job.reason, about: job.about.name, tries, err: thrown },
          `event not written: ${errorMessage(thrown)}`,
        );
        if (!worthwhile) return;
        await clock.sleep(RETRY_DELAY_MS, stopping.signal).catch(() => undefined);
      }
    }
  };
  return {
    record(object, type, reason, text) {
      if (stopping.signal.aborted) return;
      const about = involvedObject(object);
      const now = clock.now();
      named += 1;
      const name = `${about.name.slice(0, MAX_NAME_CHARACTERS)}.${now.toString(16)}${named.toString(16)}`;
      const message = cleanMessage(text);
      const event = correlator.correlate({ about: identityOf(about), type, reason, message }, now, name);
      if (event === undefined) return;
      if (queue.length >= MAX_QUEUED) {
        dropped += 1;
        if (dropped === 1)
          log.warn({ event: reason, about: about.name }, 'too many events wait to be written: dropped');
        return;
      }
      queue.push({ about, type, reason, event });
      state.working ??= work();
    },
    flush: async () => {
      while (state.working !== undefined) await state.working;
    },
    async stop(drainMs = DRAIN_MS) {
      const drained = new AbortController();
      const overdue = clock.sleep(drainMs, drained.signal).catch(() => undefined);
      await Promise.race([state.working, overdue]);
      drained.abort();
      stopping.abort();
      queue.length = 0;
      await state.working;
    },
  };
}

async function store(client: ResourceClient, job: Job, names: EventRecorderDependencies): Promise<void> {
  const event = toEvent(job, names);
  const known = job.event.count === 1 ? undefined : await client.get(events, job.about.namespace, job.event.name);
  if (known === undefined) await client.create(events, event);
  else await client.update(events, { ...known, ...event, metadata: known.metadata });
}

function toEvent({ about, type, reason, event }: Job, names: EventRecorderDependencies): KubeEvent {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: event.name, namespace: about.namespace },
    involvedObject: about,
    reason,
    message: event.message.slice(0, MAX_MESSAGE_CHARACTERS),
    type,
    count: event.count,
    firstTimestamp: rfc3339(event.firstMs),
    lastTimestamp: rfc3339(event.lastMs),
    source: { component: names.component },
    reportingComponent: names.component,
    reportingInstance: names.instance,
  };
}

function cleanMessage(text: string): string {
  return text.slice(0, MAX_MESSAGE_CHARACTERS).toWellFormed().replaceAll(hostileCharacters, ' ');
}

function involvedObject({ apiVersion, kind, metadata }: KubeObject): InvolvedObject {
  return {
    apiVersion,
    kind,
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
    ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
  };
}

function identityOf({ apiVersion, kind, namespace, name, uid }: InvolvedObject): string {
  return JSON.stringify([apiVersion, kind, namespace, name, uid]);
}

/** metav1.Time has whole seconds. */
function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
