import type { Change } from '../../model/observation.ts';
import type { Target } from '../../model/target.ts';
import type { PodContainer, PodFacts } from './decode/pod.ts';
import { createIdentities, type Identity } from './identities.ts';
import type { Run } from './life.ts';
import { createRollouts, type Rollouts } from './rollouts.ts';
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
  /** Those of the first list: of what was before, only what nobody watched is told. */
  replace(pods: readonly PodFacts[], now: number, watchedUntil?: number): void;
  targets(): readonly Target[];
  find(targetId: string): PodView | undefined;
}

interface Family {
  readonly workload: Workload;
  readonly pods: Map<string, PodFacts>;
  readonly rollouts: Rollouts;
  slots: Slots;
}

export function createPods(cluster: string): Pods {
  const families = new Map<string, Family>();
  const familyOfUid = new Map<string, string>();
  const identities = createIdentities();
  /** By target; made when something happens to it, since thousands are asked for again and again. */
  const views = new Map<string, PodView>();
  let targets: readonly Target[] | undefined;

  function refresh(targetId: string): void {
    const identity = identities.find(targetId);
    if (identity === undefined) views.delete(targetId);
    else views.set(targetId, toView(targetId, identity));
    targets = undefined;
  }

  function join(pod: PodFacts): Family {
    const workload = workloadOf(pod);
    const key = `${pod.namespace}/${workload.kind}/${workload.name}`;
    const family = families.get(key) ?? { workload, pods: new Map(), slots: new Map(), rollouts: createRollouts() };
    families.set(key, family);
    familyOfUid.set(pod.uid, key);
    family.pods.set(pod.uid, pod);
    return family;
  }

  function settle(family: Family, now: number, watchedUntil?: number): readonly string[] {
    const pods = [...family.pods.values()];
    family.slots = assignSlots(family.workload, pods, family.slots);
    const holders = new Map<string, Run>();
    for (const run of pods.toSorted(byPresence).flatMap(runsOf)) {
      const id = idOf(cluster, family, run);
      if (!holders.has(id)) holders.set(id, run);
    }
    const noted = { now, rollouts: family.rollouts, watchedUntil };
    const changed = [...holders].filter(([id, run]) => identities.note(id, run, noted)).map(([id]) => id);
    for (const id of holders.keys()) refresh(id);
    return changed;
  }

  function leave(uid: string, now: number): readonly string[] {
    const key = familyOfUid.get(uid) ?? '';
    const family = families.get(key);
    const pod = family?.pods.get(uid);
    if (family === undefined || pod === undefined) return [];
    const ids = runsOf(pod).map((run) => idOf(cluster, family, run));
    family.pods.delete(uid);
    familyOfUid.delete(uid);
    for (const id of ids) identities.depart(id, uid, now);
    const kept = settle(family, now);
    for (const id of ids) refresh(id);
    if (family.pods.size === 0) families.delete(key);
    return [...new Set([...ids, ...kept])];
  }

  return {
    apply: (pod, now) => settle(join(pod), now),
    remove: leave,
    replace(pods, now, watchedUntil) {
      const present = new Set(pods.map(({ uid }) => uid));
      for (const uid of familyOfUid.keys()) if (!present.has(uid)) leave(uid, now);
      for (const family of new Set(pods.toSorted(byAge).map(join))) settle(family, now, watchedUntil);
    },
    targets: () => (targets ??= [...views.values()].map(({ target }) => target)),
    find: (targetId) => views.get(targetId),
  };
}

function toView(targetId: string, { life: { run, stopRequestedAt }, changes }: Identity): PodView {
  return { ...run, target: toTarget(targetId, run), changes, stopRequestedAt };
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
  return {
    id,
    instance: pod.uid,
    host: pod.node,
    name: pod.containers.length === 1 ? pod.name : `${pod.name}/${container.name}`,
    namespace: pod.namespace,
    labels: { ...pod.labels, 'foghorn.dev/workload': workloadOf(pod).name, 'foghorn.dev/container': container.name },
    image: container.image,
    limits: container.allowance,
  };
}

/** While pods replace each other they share an identity: one that runs counts first, then one that stays, then the newest. */
function byPresence(left: PodFacts, right: PodFacts): number {
  return rank(left) - rank(right) || right.createdAt - left.createdAt || (left.uid < right.uid ? -1 : 1);
}

function rank(pod: PodFacts): number {
  return (runs(pod) ? 0 : 2) + (isLeaving(pod) ? 1 : 0);
}

function runs(pod: PodFacts): boolean {
  return pod.containers.some(({ state }) => state === 'running');
}

function byAge(left: PodFacts, right: PodFacts): number {
  return left.createdAt - right.createdAt || (left.uid < right.uid ? -1 : 1);
}
