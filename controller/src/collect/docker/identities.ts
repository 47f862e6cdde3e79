import { MAX_CHANGES, type Change } from '../../model/observation.ts';
import type { Target } from '../../model/target.ts';
import type { ContainerFacts } from './decode/inspect.ts';
import type { Life } from './life.ts';
import { missedChanges, remember, type Remembered } from './remembered.ts';
import { succeed } from './succession.ts';

/** A container that is there, and the target it is. */
export interface Member {
  readonly life: Life;
  readonly target: Target;
}

/** Who has which identity, who had it before, and what happened under it. */
export interface Identities {
  join(targetId: string, id: string): void;
  /** Takes a container away from an identity, which remembers it for a while. */
  leave(targetId: string, facts: ContainerFacts, now: number): void;
  tell(targetId: string, changes: readonly Change[]): void;
  changes(targetId: string): readonly Change[];
  /** What it means that this container runs for the first time; nothing when it replaces none. */
  succession(targetId: string, facts: ContainerFacts, now: number): readonly Change[];
  /** What happened to it before this process looked for the first time; nothing when no earlier one knew it. */
  missed(targetId: string, facts: ContainerFacts, now: number): readonly Change[];
  /** Who has, or lately had, each identity: for the next process. */
  remembered(now: number): ReadonlyMap<string, Remembered>;
  current(targetId: string): Member | undefined;
  /** Of a container that waits to take over: when the one before it went. */
  handedOverAt(targetId: string, member: Member): number | undefined;
  ids(): readonly string[];
}

interface Identity {
  readonly containers: Set<string>;
  changes: readonly Change[];
  /** The container that had this identity last, and when it went. */
  departed?: { readonly facts: ContainerFacts; readonly at: number } | undefined;
}

/** How long a removed container is remembered, to tell what replaced it; and how many at most. */
const REMEMBER_MS = 600_000;
const MAX_DEPARTED = 1000;

/**
 * @param memberOf the container of an id, while it is there.
 * @param earlier what an earlier process knew, by target; it counts for as long as a container that was removed.
 */
export function createIdentities(
  memberOf: (id: string) => Member | undefined,
  earlier: ReadonlyMap<string, Remembered>,
): Identities {
  const identities = new Map<string, Identity>();
  let firstLookAt: number | undefined;
  const identityOf = (targetId: string): Identity => {
    const known = identities.get(targetId);
    if (known !== undefined) return known;
    const identity: Identity = { containers: new Set(), changes: [] };
    identities.set(targetId, identity);
    return identity;
  };
  const members = (targetId: string): readonly Member[] =>
    [...(identities.get(targetId)?.containers ?? [])].flatMap((id) => memberOf(id) ?? []);
  const isEarlierOf = (now: number): boolean => firstLookAt === undefined || now - firstLookAt <= REMEMBER_MS;
  const missed = (targetId: string, facts: ContainerFacts, now: number): readonly Change[] => {
    firstLookAt ??= now;
    const before = isEarlierOf(now) ? earlier.get(targetId) : undefined;
    return before === undefined ? [] : missedChanges(before, facts, now);
  };
  const current = (targetId: string): Member | undefined => members(targetId).toSorted(byPresence)[0];
  const others = (targetId: string, id: string): readonly Member[] =>
    members(targetId).filter((member) => member.target.instance !== id);

  return {
    join: (targetId, id) => {
      identityOf(targetId).containers.add(id);
    },
    leave: (targetId, facts, now) => {
      const identity = identityOf(targetId);
      identity.containers.delete(facts.id);
      identity.departed = { facts, at: now };
      forgetDeparted(identities, now);
    },
    tell: (targetId, changes) => {
      const identity = identityOf(targetId);
      identity.changes = [...identity.changes, ...changes].slice(-MAX_CHANGES);
    },
    changes: (targetId) => identities.get(targetId)?.changes ?? [],
    succession: (targetId, facts, now) => {
      const departed = identities.get(targetId)?.departed;
      const remembered = departed !== undefined && now - departed.at <= REMEMBER_MS ? departed.facts : undefined;
      const predecessor = others(targetId, facts.id)[0]?.life.facts ?? remembered;
      return predecessor === undefined ? missed(targetId, facts, now) : [succeed(predecessor, facts, now)];
    },
    missed,
    remembered: (now) => {
      const kept = isEarlierOf(now) ? new Map(earlier) : new Map<string, Remembered>();
      for (const [targetId, { departed }] of identities) {
        const facts = [current(targetId)?.life.facts, departed?.facts].find((one) => one?.startedAt !== undefined);
        if (facts !== undefined) kept.set(targetId, remember(facts));
      }
      return kept;
    },
    current,
    handedOverAt: (targetId, { life, target }) => {
      if (life.phase !== 'never-run') return undefined;
      return others(targetId, target.instance)[0]?.life.stopRequestedAt ?? identities.get(targetId)?.departed?.at;
    },
    ids: () => [...identities.keys()],
  };
}

/** While one container replaces another, both have the identity: the running one counts, else the newer. */
function byPresence(left: Member, right: Member): number {
  const runs = (member: Member): number => (member.life.phase === 'running' ? 1 : 0);
  return runs(right) - runs(left) || right.life.facts.createdAt - left.life.facts.createdAt;
}

/** Drops identities that nobody has had for a while, the oldest first past the bound. */
function forgetDeparted(identities: Map<string, Identity>, now: number): void {
  const empty = [...identities].filter(([, identity]) => identity.containers.size === 0);
  const surplus = empty.length - MAX_DEPARTED;
  for (const [index, [targetId, identity]] of empty.entries()) {
    if (index < surplus || now - (identity.departed?.at ?? 0) > REMEMBER_MS) identities.delete(targetId);
  }
}
