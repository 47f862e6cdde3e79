import type { Change } from '../../model/observation.ts';
import type { Target } from '../../model/target.ts';
import { applyEvent } from './apply-event.ts';
import { applyInspect } from './apply-inspect.ts';
import type { ContainerEvent } from './decode/events.ts';
import type { ContainerFacts } from './decode/inspect.ts';
import { createIdentities, type Identities } from './identities.ts';
import { toTarget } from './identity.ts';
import { beginLife, leaveWithHost, type Life, type Step } from './life.ts';
import type { Remembered } from './remembered.ts';

/** A target as it stands: the container that has its identity now, and what happened to that identity. */
export interface TargetView {
  readonly target: Target;
  readonly life: Life;
  readonly changes: readonly Change[];
  readonly stopRequestedAt?: number | undefined;
}

/** One look at a container. `isFirst`: of the first listing; of what was before it an earlier process may have known. */
export interface Sighting {
  readonly facts: ContainerFacts;
  readonly now: number;
  readonly isSettled: boolean;
  readonly isFirst: boolean;
}

export interface Seen {
  readonly targetId: string;
  /** Whether it showed anything that was not known. */
  readonly isNews: boolean;
}

/** All containers of one host, by container and by target. In memory; does no input or output. */
export interface Containers {
  /** Counts the events of a container, so that an inspect overtaken by one is noticed. */
  revision(id: string): number;
  /** The target it happened to; undefined for a container that is not known yet. */
  applyEvent(event: ContainerEvent, now: number): string | undefined;
  /** `unsettled`: look again. */
  applyInspect(sighting: Sighting): Seen | 'unsettled';
  /** The target that lost it. */
  remove(id: string, now: number): string | undefined;
  /** The engine went: its containers ended together. */
  hostLeft(now: number): void;
  ids(): readonly string[];
  targets(): readonly Target[];
  find(targetId: string): TargetView | undefined;
  /** For the process that watches them next, by target. */
  remembered(now: number): ReadonlyMap<string, Remembered>;
}

interface Entry {
  life: Life;
  target: Target;
  revision: number;
}

/** @param earlier what an earlier process remembered, by target. */
export function createContainers(host: string, earlier: ReadonlyMap<string, Remembered> = new Map()): Containers {
  const entries = new Map<string, Entry>();
  const identities = createIdentities((id) => entries.get(id), earlier);

  return {
    revision: (id) => entries.get(id)?.revision ?? 0,
    applyEvent(event, now) {
      const entry = entries.get(event.id);
      if (entry === undefined) return undefined;
      entry.revision += 1;
      return record(identities, entry, applyEvent(entry.life, event, now), now).targetId;
    },
    applyInspect(sighting) {
      const { facts, now, isFirst } = sighting;
      const entry = entries.get(facts.id);
      if (entry !== undefined) {
        const outcome = applyInspect(entry.life, sighting);
        return outcome.kind === 'unsettled' ? outcome.kind : record(identities, entry, outcome.step, now);
      }
      const met: Entry = { life: beginLife(facts), target: toTarget(host, facts), revision: 0 };
      entries.set(facts.id, met);
      welcome(identities, met, { now, isFirst });
      return { targetId: met.target.id, isNews: true };
    },
    remove(id, now) {
      const entry = entries.get(id);
      if (entry === undefined) return undefined;
      entries.delete(id);
      identities.leave(entry.target.id, entry.life.facts, now);
      return entry.target.id;
    },
    hostLeft(now) {
      for (const entry of entries.values()) entry.life = leaveWithHost(entry.life, now);
    },
    ids: () => [...entries.keys()],
    targets: () => identities.ids().flatMap((id) => identities.current(id)?.target ?? []),
    find: (targetId) => view(identities, targetId),
    remembered: identities.remembered,
  };
}

function view(identities: Identities, targetId: string): TargetView | undefined {
  const member = identities.current(targetId);
  if (member === undefined) return undefined;
  return {
    ...member,
    changes: identities.changes(targetId),
    stopRequestedAt: member.life.stopRequestedAt ?? identities.handedOverAt(targetId, member),
  };
}

/** A container seen for the first time. */
function welcome(
  identities: Identities,
  { life, target }: Entry,
  { now, isFirst }: Pick<Sighting, 'now' | 'isFirst'>,
): void {
  identities.join(target.id, target.instance);
  if (life.phase === 'never-run') return;
  const tell = isFirst ? identities.missed : identities.succession;
  identities.tell(target.id, tell(target.id, life.facts, now));
}

function record(identities: Identities, entry: Entry, step: Step, now: number): Seen {
  const isFirstRun = entry.life.phase === 'never-run' && step.life.phase !== 'never-run';
  const { target: former, life } = entry;
  const { facts } = step.life;
  entry.life = step.life;
  entry.target = toTarget(former.host, facts);
  const { id } = entry.target;
  if (id !== former.id) {
    identities.leave(former.id, facts, now);
    identities.join(id, facts.id);
  }
  const changes = [...(isFirstRun ? identities.succession(id, facts, now) : []), ...step.changes];
  identities.tell(id, changes);
  const isOtherwise = facts.state !== life.facts.state || facts.health !== life.facts.health || id !== former.id;
  return { targetId: id, isNews: changes.length > 0 || isOtherwise };
}
