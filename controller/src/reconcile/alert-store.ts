import type { Clock } from '../clock.ts';
import { errorMessage, isFoghornError } from '../errors.ts';
import { alerts as alertResource, type KubeObject, type ResourceClient } from '../kube/client.ts';
import type { EventRecorder } from '../kube/events.ts';
import { StatusError } from '../kube/status.ts';
import type { Alert } from '../model/alert.ts';
import type { AlertStatus } from '../model/resources.generated.ts';
import type { Problems } from '../problems.ts';
import { alertFromObject } from './alert-from-object.ts';
import { acknowledgedBy, withoutAcknowledgement } from './acknowledgement.ts';
import { historyOf } from './alert-history.ts';
import { alertObjectName, alertStatus, alertToObject, namespaceOf, stateNames } from './alert-object.ts';

/** Alerts as objects: what must outlive the process. */
export interface AlertStore {
  /** Every alert that was stored and can be carried on. */
  load(): Promise<readonly Alert[]>;
  /** Takes the present truth of these alerts and writes it; what cannot be written now is written by a later call. */
  save(alerts: readonly Alert[]): Promise<void>;
  /** Writes what an earlier call could not. */
  flush(): Promise<void>;
  remove(alerts: readonly Alert[]): Promise<void>;
  /** How many alerts wait to be written; those that were refused are tried again, but not to be waited for. */
  waiting(): number;
}

const PROBLEM = 'alert-store';
const CONFLICT = 409;
/** Answers that are about one object: it is invalid, too large, or its namespace is gone, ends, or is not ours to write to. */
const ofOneAlert: ReadonlySet<number> = new Set([400, 403, 404, CONFLICT, 413, 422]);
/** Attempts against another writer of the same object, before the next call tries again. */
const MAX_CONFLICTS = 3;
/** An alert that waits is replaced by its newer truth, so this bounds only how many different ones wait. */
const MAX_WAITING = 50_000;
/** A store that does not answer must not hold back the telling of alerts. */
const WRITE_DEADLINE_MS = 2000;

export interface AlertStoreDeps {
  readonly client: ResourceClient;
  /** Tells the history of each alert, in events about its object. */
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly problems: Problems;
  readonly clock: Clock;
}

export function createAlertStore(deps: AlertStoreDeps): AlertStore {
  const waiting = new Map<string, Alert>();
  /** Of those, the ones that the API itself does not want. */
  const refused = new Set<string>();
  let draining: Promise<void> | undefined;

  async function drain(): Promise<void> {
    let fault: unknown;
    for (const [name, alert] of waiting) {
      try {
        await write(deps, alert);
        refused.delete(name);
        if (waiting.get(name) === alert) waiting.delete(name);
      } catch (error) {
        fault = error;
        const code = error instanceof StatusError ? error.status.code : undefined;
        // without an answer about this one, the others would have none either
        if (code === undefined || !ofOneAlert.has(code)) break;
        // it may have been removed meanwhile
        if (code !== CONFLICT && waiting.has(name)) refused.add(name);
      }
    }
    if (fault === undefined) deps.problems.clear(PROBLEM);
    else {
      const message = `alerts cannot be stored, they are told all the same: ${errorMessage(fault)}`;
      deps.problems.raise(PROBLEM, 'StoreUnavailable', message);
    }
  }

  async function flush(): Promise<void> {
    draining ??= drain().finally(() => {
      draining = undefined;
    });
    await withDeadline(draining, deps.clock);
  }

  return {
    async load() {
      const { items } = await deps.client.list(alertResource);
      return items.map(alertFromObject).filter((alert) => alert !== undefined);
    },
    async save(alerts) {
      for (const alert of alerts) {
        if (waiting.size < MAX_WAITING) waiting.set(alertObjectName(alert), alert);
      }
      await flush();
    },
    flush,
    async remove(alerts) {
      for (const alert of alerts) {
        waiting.delete(alertObjectName(alert));
        refused.delete(alertObjectName(alert));
        await deps.client.delete(alertResource, namespaceOf(alert), alertObjectName(alert));
      }
      if (waiting.size === 0) deps.problems.clear(PROBLEM);
    },
    waiting: () => waiting.size - refused.size,
  };
}

async function withDeadline(work: Promise<void>, clock: Clock): Promise<void> {
  const abort = new AbortController();
  const deadline = clock.sleep(WRITE_DEADLINE_MS, abort.signal).catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  await Promise.race([work, deadline]);
  abort.abort();
}

async function write({ client, recorder }: AlertStoreDeps, alert: Alert): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { before, object } = await writeOnce(client, alertToObject(alert));
      for (const { type, reason, message } of historyOf(before, alertStatus(alert)))
        recorder.record(object, type, reason, message);
      return;
    } catch (error) {
      const again = isFoghornError(error, 'Conflict') || isFoghornError(error, 'AlreadyExists');
      if (!again || attempt >= MAX_CONFLICTS) throw error;
    }
  }
}

async function writeOnce(
  client: ResourceClient,
  wanted: KubeObject,
): Promise<{ readonly before: AlertStatus | undefined; readonly object: KubeObject }> {
  const { name, namespace = '' } = wanted.metadata;
  const stored = (await client.get(alertResource, namespace, name)) ?? (await client.create(alertResource, wanted));
  const marked = needsMarks(stored, wanted) ? await client.update(alertResource, mark(stored, wanted)) : stored;
  const object = await client.updateStatus(alertResource, { ...marked, status: wanted.status });
  return { before: stored.status as AlertStatus | undefined, object };
}

function needsMarks(stored: KubeObject, wanted: KubeObject): boolean {
  return labelsDiffer(stored, wanted) || (!isFiring(wanted) && acknowledgedBy(stored) !== undefined);
}

function mark(stored: KubeObject, wanted: KubeObject): KubeObject {
  const labelled = relabel(stored, wanted);
  return isFiring(wanted) ? labelled : withoutAcknowledgement(labelled);
}

function isFiring({ status }: KubeObject): boolean {
  return (status as AlertStatus | undefined)?.state === stateNames.firing;
}

function labelsDiffer(stored: KubeObject, wanted: KubeObject): boolean {
  return Object.entries(wanted.metadata.labels ?? {}).some(([key, value]) => stored.metadata.labels?.[key] !== value);
}

function relabel(stored: KubeObject, wanted: KubeObject): KubeObject {
  return {
    ...stored,
    spec: wanted.spec,
    metadata: { ...stored.metadata, labels: { ...stored.metadata.labels, ...wanted.metadata.labels } },
  };
}
