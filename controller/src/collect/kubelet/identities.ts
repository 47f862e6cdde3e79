import { MAX_CHANGES, type Change } from '../../model/observation.ts';
import type { PodFacts } from './decode/pod.ts';
import { beginLife, continueLife, missedChanges, succeed, type Life, type Run, type Step } from './life.ts';
import type { Rollouts } from './rollouts.ts';

/** Who has which identity, and what happened under it. */
export interface Identities {
  /** The container that has it now. True when something happened to the identity. */
  note(id: string, run: Run, noted: Noted): boolean;
  /** Its pod has gone; it is remembered for a while. */
  depart(id: string, uid: string, now: number): void;
  /** Undefined when nobody has it. */
  find(id: string): Identity | undefined;
}

export interface Noted {
  readonly now: number;
  /** Of the workload that the identity is of. */
  readonly rollouts: Rollouts;
  /** At a first look: until when another watched; absent: what was before is no news. */
  readonly watchedUntil?: number | undefined;
}

export interface Identity {
  readonly life: Life;
  readonly changes: readonly Change[];
}

interface Entry extends Identity {
  /** Set while nobody has it. */
  readonly departedAt?: number | undefined;
}

/** How long an identity that nobody has is remembered, to tell what takes it next; and how many at most. */
const REMEMBER_MS = 600_000;
const MAX_DEPARTED = 10_000;

export function createIdentities(): Identities {
  const entries = new Map<string, Entry>();
  /** Since when nobody has them, the longest first. */
  const departures = new Map<string, number>();

  function forget(now: number): void {
    for (const [id, departedAt] of departures) {
      if (departures.size <= MAX_DEPARTED && now - departedAt <= REMEMBER_MS) return;
      departures.delete(id);
      entries.delete(id);
    }
  }

  return {
    note(id, run, noted) {
      const entry = entries.get(id);
      departures.delete(id);
      if (entry === undefined) {
        entries.set(id, { life: beginLife(run, noted.now), changes: missedChanges(run, noted) });
        return true;
      }
      const { isNews, ...next } = follow(entry, run, noted);
      entries.set(id, next);
      return isNews;
    },
    depart(id, uid, now) {
      const entry = entries.get(id);
      if (entry?.life.run.pod.uid === uid) {
        entries.set(id, { ...entry, departedAt: now });
        departures.delete(id);
        departures.set(id, now);
      }
      forget(now);
    },
    find: (id) => present(entries.get(id)),
  };
}

function present(entry: Entry | undefined): Identity | undefined {
  return entry === undefined || entry.departedAt !== undefined || isDone(entry.life.run.pod) ? undefined : entry;
}

/** An heir has the identity from its first run on; until then what it replaces does. */
function follow(entry: Entry, run: Run, { now, rollouts }: Noted): Identity & { readonly isNews: boolean } {
  const { life, changes } = entry;
  const isHeir = life.run.pod.uid !== run.pod.uid;
  const isWaiting = isHeir && run.container.startedAt === undefined && entry.departedAt === undefined;
  if (isWaiting) return { life, changes, isNews: false };
  const step = isHeir ? inherit(life, run, { now, rollouts }) : continueLife(life, run, now);
  const isNews = isHeir || step.changes.length > 0 || run.container.state !== life.run.container.state;
  return { life: step.life, changes: [...changes, ...step.changes].slice(-MAX_CHANGES), isNews };
}

function inherit(life: Life, run: Run, { now, rollouts }: Noted): Step {
  const change = life.hasRun ? succeed(life.run, run, now) : undefined;
  const isNews = change !== undefined && !rollouts.isTold(change, run);
  return { life: beginLife(run, now), changes: isNews ? [change] : [] };
}

/** It was meant to end and ended well: there is nothing left to watch. */
function isDone({ phase, isMeantToEnd }: PodFacts): boolean {
  return isMeantToEnd && phase === 'Succeeded';
}
