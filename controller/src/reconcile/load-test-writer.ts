import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock.ts';
import { loadTests, type KubeObject, type ResourceClient } from '../kube/client.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { LoadTestStatus } from '../model/resources.generated.ts';
import { loadTestEvent } from './load-test-events.ts';

export interface StatusWriter {
  /** Writes what differs, and says what is new in an Event. */
  write(object: KubeObject, after: LoadTestStatus): Promise<void>;
  /** How long figures alone must still wait to be written; 0 or less for none. */
  liveWait(key: string, before: LoadTestStatus | undefined, after: LoadTestStatus): number;
  forget(key: string): void;
}

/** Figures of a running test are written no more often. */
const LIVE_EVERY_MS = 2000;

export function createStatusWriter(deps: {
  readonly client: ResourceClient;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
}): StatusWriter {
  const { client, recorder, clock } = deps;
  const writtenAt = new Map<string, number>();
  return {
    async write(object, after) {
      const before = statusOf(object);
      if (isSame(before, after)) return;
      await client.updateStatus(loadTests, { ...object, status: plain(after) });
      writtenAt.set(`${namespaceOf(object)}/${object.metadata.name}`, clock.now());
      const event = loadTestEvent(before, after);
      if (event !== undefined) recorder.record(object, event.type, event.reason, event.message);
    },
    liveWait(key, before, after) {
      if (!isSame(before?.conditions, after.conditions)) return 0;
      return (writtenAt.get(key) ?? Number.NEGATIVE_INFINITY) + LIVE_EVERY_MS - clock.now();
    },
    forget: (key) => void writtenAt.delete(key),
  };
}

export function statusOf(object: KubeObject): LoadTestStatus | undefined {
  return object.status as LoadTestStatus | undefined;
}

export function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? 'default';
}

function isSame(before: unknown, after: unknown): boolean {
  return isDeepStrictEqual(plain(before), plain(after));
}

/** As JSON has it: a field that is undefined is not there. */
function plain(value: unknown): unknown {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}
