import { MAX_CHANGES, type Change } from '../../model/observation.ts';
import type { Target } from '../../model/target.ts';
import type { PodContainer, PodFacts } from './decode/pod.ts';
import { beginLife, continueLife, succeed, type Life, type Run } from './life.ts';
import { assignSlots, isLeaving, workloadOf, type Slots, type Workload } from './workload.ts';

/** A target as it stands: the container that has its identity now, and what happened to that identity. */
export interface PodView {
  readonly target: Target;
  readonly pod: PodFacts;
  readonly container: PodContainer;
  readonly changes: readonly Change[];
  readonly stopRequestedAt?: number | undefined;
}

/** All containers of all pods of a cluster, by target. In memory; does no input or output. */
export interface Pods {
  /** Targets that something happened to. */
  apply(pod: PodFacts, now: number): readonly string[];
  remove(uid: string, now: number): readonly string[];
  /** Those of the first list: nothing is told of what was before. */
  replace(pods: readonly PodFacts[], now: number): void;
  targets(): readonly Target[];
  find(targetId: string): PodView | undefined;
}

interface Family {
  readonly workload: Workload;
  readonly pods: Map<string, PodFacts>;
  slots: Slots;
}

interface Identity {
  life: Life;
  changes: readonly Change[];
  /** Set while nobody has it. */
  departedAt?: number | undefined;
}

/** How long an identity that nobody has is remembered, to tell what takes it next; and how many at most. */
const REMEMBER_MS = 600_000;
const MAX_DEPARTED = 10_000;

export function createPods(cluster: string): Pods {
  const families = new Map<string, Family>();
  const familyOfUid = new Map<string, string>();
  const identities = new Map<string, Identity>();

  function join(pod: PodFacts): Family {
    const workload = workloadOf(pod);
    const key = `${pod.namespace}/${workload.kind}/${workload.name}`;
    const family = families.get(key) ?? { workload, pods: new Map(), slots: new Map() };
    families.set(key, family);
    familyOfUid.set(pod.uid, key);
    family.pods.set(pod.uid, pod);
    return family;
  }

  function settle(family: Family, now: number): readonly string[] {
    const pods = [...family.pods.values()];
    family.slots = assignSlots(family.workload, pods, family.slots);
    const holders = new Map<string, Run>();
    for (const run of pods.toSorted(byPresence).flatMap(runsOf)) {
      const id = idOf(cluster, family, run);
      if (!holders.has(id)) holders.set(id, run);
    }
    return [...holders].filter(([id, run]) => note(id, run, now)).map(([id]) => id);
  }

  /** True when something happened. */
  function note(id: string, run: Run, now: number): boolean {
    const identity = identities.get(id);
    if (identity === undefined) {
      identities.set(id, { life: beginLife(run, now), changes: [] });
      return true;
    }
    identity.departedAt = undefined;
    const { life } = identity;
    const isHeir = life.run.pod.uid !== run.pod.uid;
    if (isHeir && run.container.startedAt === undefined) return false;
    const step = isHeir
      ? { life: beginLife(run, now), changes: life.hasRun ? [succeed(life.run, run, now)] : [] }
      : continueLife(life, run, now);
    identity.life = step.life;
    identity.changes = [...identity.changes, ...step.changes].slice(-MAX_CHANGES);
    return isHeir || step.changes.length > 0 || step.life.run.container.state !== life.run.container.state;
  }

  function forget(now: number): void {
    const departed = [...identities].filter(([, { departedAt }]) => departedAt !== undefined);
    const surplus = departed.length - MAX_DEPARTED;
    for (const [index, [id, { departedAt = 0 }]] of departed.entries()) {
      if (index < surplus || now - departedAt > REMEMBER_MS) identities.delete(id);
    }
  }

  function leave(uid: string, now: number): readonly string[] {
    const key = familyOfUid.get(uid);
    const family = key === undefined ? undefined : families.get(key);
    const pod = family?.pods.get(uid);
    if (key === undefined || family === undefined || pod === undefined) return [];
    const ids = runsOf(pod).map((run) => idOf(cluster, family, run));
    family.pods.delete(uid);
    familyOfUid.delete(uid);
    const kept = settle(family, now);
    if (family.pods.size === 0) families.delete(key);
    for (const id of ids) {
      const identity = identities.get(id);
      if (identity?.life.run.pod.uid === uid) identity.departedAt = now;
    }
    forget(now);
    return [...new Set([...ids, ...kept])];
  }

  const isPresent = ({ departedAt, life }: Identity): boolean => departedAt === undefined && !isDone(life.run.pod);
  return {
    apply: (pod, now) => settle(join(pod), now),
    remove: leave,
    replace(pods, now) {
      const present = new Set(pods.map(({ uid }) => uid));
      for (const uid of familyOfUid.keys()) if (!present.has(uid)) leave(uid, now);
      for (const family of new Set(pods.toSorted(byAge).map(join))) settle(family, now);
    },
    targets: () =>
      [...identities].filter(([, identity]) => isPresent(identity)).map(([id, { life }]) => toTarget(id, life.run)),
    find(targetId) {
      const identity = identities.get(targetId);
      if (identity === undefined || !isPresent(identity)) return undefined;
      const { run, stopRequestedAt } = identity.life;
      return { ...run, target: toTarget(targetId, run), changes: identity.changes, stopRequestedAt };
    },
  };
}

function runsOf(pod: PodFacts): readonly Run[] {
  return pod.containers.map((container) => ({ pod, container }));
}

/** `cluster/namespace/deployment/web/0/app`: outlives pods, rollouts and moves to another node. */
function idOf(cluster: string, { workload, slots }: Family, { pod, container }: Run): string {
  const { kind, name } = workload;
  return [cluster, pod.namespace, kind, name, slots.get(pod.uid) ?? '', container.name].join('/');
}

function toTarget(id: string, { pod, container }: Run): Target {
  const { name } = workloadOf(pod);
  return {
    id,
    instance: pod.uid,
    host: pod.node,
    name: pod.containers.length === 1 ? pod.name : `${pod.name}/${container.name}`,
    namespace: pod.namespace,
    labels: { ...pod.labels, 'foghorn.dev/workload': name, 'foghorn.dev/container': container.name },
    image: container.image,
    limits: container.allowance,
  };
}

/** It was meant to end and ended well: there is nothing left to watch. */
function isDone({ phase, isMeantToEnd }: PodFacts): boolean {
  return isMeantToEnd && phase === 'Succeeded';
}

/** While pods replace each other they share an identity: one that stays counts before one that leaves, then one that runs. */
function byPresence(left: PodFacts, right: PodFacts): number {
  const rank = (pod: PodFacts): number => (runs(pod) ? 0 : 2) + (isLeaving(pod) ? 1 : 0);
  return rank(left) - rank(right) || right.createdAt - left.createdAt || (left.uid < right.uid ? -1 : 1);
}

function runs(pod: PodFacts): boolean {
  return pod.containers.some(({ state }) => state === 'running');
}

function byAge(left: PodFacts, right: PodFacts): number {
  return left.createdAt - right.createdAt || (left.uid < right.uid ? -1 : 1);
}
