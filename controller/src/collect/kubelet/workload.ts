import type { PodFacts } from './decode/pod.ts';

/** What pods are replicas of; it outlives them. */
export interface Workload {
  /** In lower case: `deployment`, `statefulset`, `daemonset`, `job`, `cronjob`, or what its owner says; `pod` without one. */
  readonly kind: string;
  readonly name: string;
}

const TEMPLATE_HASH = 'pod-template-hash';
/** A CronJob names its Jobs after the minute they are for; the pod does not name the CronJob. */
const CRON_JOB_RUN = /^(.+)-\d{8,10}$/;

export function workloadOf({ owner, labels, name }: Pick<PodFacts, 'owner' | 'labels' | 'name'>): Workload {
  if (owner === undefined) return { kind: 'pod', name };
  const hash = labels[TEMPLATE_HASH] ?? '';
  if (owner.kind === 'ReplicaSet' && hash !== '' && owner.name.endsWith(`-${hash}`)) {
    return { kind: 'deployment', name: owner.name.slice(0, -hash.length - 1) };
  }
  const run = owner.kind === 'Job' ? CRON_JOB_RUN.exec(owner.name) : null;
  if (run !== null) return { kind: 'cronjob', name: run[1] ?? owner.name };
  return { kind: owner.kind.toLowerCase(), name: owner.name };
}

/** Which making of a workload a pod is of: pods of two generations replace each other, pods of one do not. */
export function generationOf({ labels, owner }: Pick<PodFacts, 'labels' | 'owner'>): string {
  return labels[TEMPLATE_HASH] ?? labels['controller-revision-hash'] ?? owner?.name ?? '';
}

/** Slots of the pods of one workload, by uid. */
export type Slots = ReadonlyMap<string, string>;

/**
 * Gives each pod the place of a replica, so that a pod that replaces another has its identity. Where the workload
 * names places itself (ordinals, nodes) those are the slots. Else a new pod takes, the lowest first: the slot of one
 * that is leaving or has ended; the slot of one of another generation that nobody of its own has yet; a new one.
 */
export function assignSlots(workload: Workload, pods: readonly PodFacts[], previous: Slots): Slots {
  const natural = naturalSlot(workload);
  if (natural !== undefined) return new Map(pods.map((pod) => [pod.uid, natural(pod)]));
  const slots = new Map<string, string>();
  for (const { uid } of pods) {
    const slot = previous.get(uid);
    if (slot !== undefined) slots.set(uid, slot);
  }
  const newcomers = pods.filter(({ uid }) => !slots.has(uid)).toSorted(byAge);
  if (newcomers.length === 0) return slots;
  const holders = Map.groupBy(
    pods.filter(({ uid }) => slots.has(uid)),
    ({ uid }) => Number(slots.get(uid)),
  );
  const lowest = new Map<string, number>();
  for (const pod of newcomers) {
    const generation = generationOf(pod);
    const slot = freeSlot(generation, holders, lowest.get(generation) ?? 0);
    // what a generation takes it does not give back here: the search goes on from there, unless this one is leaving
    lowest.set(generation, isLeaving(pod) ? slot : slot + 1);
    holders.set(slot, [...(holders.get(slot) ?? []), pod]);
    slots.set(pod.uid, String(slot));
  }
  return slots;
}

function naturalSlot({ kind, name }: Workload): ((pod: PodFacts) => string) | undefined {
  if (kind === 'pod') return () => '0';
  if (kind === 'daemonset') return ({ node, uid }) => node || uid;
  if (kind !== 'statefulset') return undefined;
  return (pod) => (pod.name.startsWith(`${name}-`) ? pod.name.slice(name.length + 1) : pod.name);
}

/** The first slot from `from` on that nobody of this generation holds who stays. */
function freeSlot(generation: string, holders: ReadonlyMap<number, readonly PodFacts[]>, from: number): number {
  const isFree = (slot: number): boolean =>
    (holders.get(slot) ?? []).every((holder) => isLeaving(holder) || generationOf(holder) !== generation);
  let slot = from;
  while (!isFree(slot)) slot += 1;
  return slot;
}

/** Being removed, or ended for good. */
export function isLeaving({ deletionAt, phase }: Pick<PodFacts, 'deletionAt' | 'phase'>): boolean {
  return deletionAt !== undefined || phase === 'Succeeded' || phase === 'Failed';
}

function byAge(left: PodFacts, right: PodFacts): number {
  return left.createdAt - right.createdAt || (left.name < right.name ? -1 : 1);
}
