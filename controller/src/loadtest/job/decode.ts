import { LABELS } from './job-object.ts';

/** What is used of an Indexed Job; times in epoch milliseconds. Everything in it is outside text. */
export interface JobFacts {
  readonly namespace: string;
  readonly name: string;
  readonly owner: string;
  readonly run: number;
  /** Generators that it runs, one for each index from 0. */
  readonly completions: number;
  /** Those whose pods have come to an end, the pods themselves may be gone. */
  readonly endedIndexes: ReadonlySet<number>;
  readonly isDeleted: boolean;
  /** It will make no pod any more: why, in the cluster's words. */
  readonly end?: { readonly isSuccess: boolean; readonly reason: string; readonly message: string } | undefined;
}

/** What is used of a pod with one container. */
export interface PodFacts {
  readonly name: string;
  /** Name of the Job. */
  readonly job: string;
  /** Which pod of the Job. */
  readonly index: number;
  readonly createdAt: number;
  /** When it is to be gone, its grace included. */
  readonly deletedAt?: number | undefined;
  readonly phase: string;
  /** Of the pod: `Evicted`, `NodeLost`, `DeadlineExceeded` ... */
  readonly reason: string;
  readonly message: string;
  readonly node: string;
  /** Why no node takes it. */
  readonly unschedulable?: string | undefined;
  /** Since when its node calls it not ready. */
  readonly notReadySince?: number | undefined;
  readonly container?: ContainerFacts | undefined;
}

export type ContainerFacts =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'terminated'; readonly exitCode: number | undefined; readonly reason: string };

/** Longest text of the cluster that goes into a status. */
const MAX_TEXT_CHARS = 300;
/** A LoadTest has at most as many generators. */
const MAX_INDEXES = 100;
const INDEX_ANNOTATION = 'batch.kubernetes.io/job-completion-index';
const ENDS: ReadonlySet<unknown> = new Set(['Complete', 'SuccessCriteriaMet', 'Failed', 'FailureTarget']);

/** Undefined for what is no generator's Job. */
export function decodeJob(value: unknown): JobFacts | undefined {
  const { metadata, spec, status } = fields(value);
  const { namespace, name, labels, deletionTimestamp } = fields(metadata);
  const marks = fields(labels);
  const [owner, run, completions] = [marks[LABELS.owner], Number(marks[LABELS.run]), fields(spec)['completions']];
  if (typeof namespace !== 'string' || typeof name !== 'string' || typeof owner !== 'string') return undefined;
  if (!Number.isSafeInteger(run) || typeof completions !== 'number' || completions > MAX_INDEXES) return undefined;
  const { failedIndexes, completedIndexes } = fields(status);
  const endedIndexes = new Set([...indexesIn(failedIndexes), ...indexesIn(completedIndexes)]);
  const isDeleted = typeof deletionTimestamp === 'string';
  return { namespace, name, owner, run, completions, endedIndexes, isDeleted, end: endOf(fields(status)) };
}

/** Undefined for what is no pod of an Indexed Job. */
export function decodePod(value: unknown): PodFacts | undefined {
  const { metadata, spec, status } = fields(value);
  const { name, annotations, creationTimestamp, deletionTimestamp, ownerReferences } = fields(metadata);
  const job = list(ownerReferences).find(({ kind }) => kind === 'Job')?.['name'];
  const index = Number(fields(annotations)[INDEX_ANNOTATION]);
  if (typeof name !== 'string' || typeof job !== 'string' || !Number.isSafeInteger(index)) return undefined;
  const { phase, reason, message, conditions, containerStatuses } = fields(status);
  const scheduled = list(conditions).find(({ type }) => type === 'PodScheduled');
  const ready = list(conditions).find(({ type }) => type === 'Ready');
  return {
    name,
    job,
    index,
    createdAt: time(creationTimestamp) ?? 0,
    deletedAt: time(deletionTimestamp),
    phase: text(phase),
    reason: text(reason),
    message: text(message),
    node: text(fields(spec)['nodeName']),
    unschedulable: scheduled?.['status'] === 'False' ? text(scheduled['message']) : undefined,
    notReadySince: ready?.['status'] === 'False' ? time(ready['lastTransitionTime']) : undefined,
    container: containerOf(list(containerStatuses)[0]),
  };
}

function endOf({ conditions }: Fields): JobFacts['end'] {
  const end = list(conditions).find(({ type, status }) => ENDS.has(type) && status === 'True');
  if (end === undefined) return undefined;
  const isSuccess = end['type'] === 'Complete' || end['type'] === 'SuccessCriteriaMet';
  return { isSuccess, reason: text(end['reason']), message: text(end['message']) };
}

/** `1,3-5`, as a Job tells indexes that have ended. */
function indexesIn(value: unknown): readonly number[] {
  if (typeof value !== 'string') return [];
  return value.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-', 2).map(Number);
    if (!(first >= 0 && first <= last && last < MAX_INDEXES)) return [];
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  });
}

function containerOf(status: Fields | undefined): ContainerFacts | undefined {
  const { waiting, running, terminated } = fields(status?.['state']);
  if (isRecord(terminated)) {
    const { exitCode, reason } = terminated;
    return { kind: 'terminated', exitCode: typeof exitCode === 'number' ? exitCode : undefined, reason: text(reason) };
  }
  if (isRecord(running)) return { kind: 'running' };
  if (!isRecord(waiting)) return undefined;
  return { kind: 'waiting', reason: text(waiting['reason']), message: text(waiting['message']) };
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function time(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
}

/** Free of what could steer a terminal, and not too long for a status. */
function text(value: unknown): string {
  const found = typeof value === 'string' ? value : '';
  return found.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, MAX_TEXT_CHARS);
}
