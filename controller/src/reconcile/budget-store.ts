import type { KubeObject, Resource, ResourceClient } from '../kube/client.ts';
import type { SentCount } from '../model/budget.ts';

/**
 * How many mails went out in the last day, as one small object: it must outlive the process as alerts do, is written
 * with them (not with the history, which may be lost), and is an object in a cluster too.
 */
export interface BudgetStore {
  /** Empty when nothing was written, or nothing that can be read. */
  load(): Promise<readonly SentCount[]>;
  save(counts: readonly SentCount[]): Promise<void>;
}

const configMaps: Resource = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };
const NAME = 'foghorn-mail-budget';
const KEY = 'sent.json';
/** A day in intervals of ten minutes, and some more. */
const MAX_COUNTS = 200;

export function createBudgetStore(client: ResourceClient, namespace: string): BudgetStore {
  return {
    async load() {
      const found = await client.get(configMaps, namespace, NAME);
      return found === undefined ? [] : readCounts(dataOf(found)[KEY]);
    },
    async save(counts) {
      const present = await client.get(configMaps, namespace, NAME);
      const data = { [KEY]: JSON.stringify(counts.slice(-MAX_COUNTS)) };
      const object = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: present?.metadata ?? { name: NAME, namespace },
        data,
      };
      if (present === undefined) await client.create(configMaps, object);
      else await client.update(configMaps, object);
    },
  };
}

function dataOf(object: KubeObject): Readonly<Record<string, unknown>> {
  const data: unknown = Reflect.get(object, 'data');
  return isRecord(data) ? data : {};
}

function readCounts(text: unknown): readonly SentCount[] {
  if (typeof text !== 'string') return [];
  const value = parse(text);
  return Array.isArray(value) ? value.slice(-MAX_COUNTS).flatMap(readCount) : [];
}

function readCount(entry: unknown): readonly SentCount[] {
  if (!isRecord(entry)) return [];
  const { startMs, recipients } = entry;
  return isCount(startMs) && isCount(recipients) ? [{ startMs, recipients }] : [];
}

/** Somebody may have edited the object: what is no JSON holds nothing. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
