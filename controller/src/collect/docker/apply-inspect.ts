import type { Change } from '../../model/observation.ts';
import type { ContainerFacts } from './decode/inspect.ts';
import {
  changeOf,
  isAskedFor,
  LONGEST_START_MS,
  newestTime,
  oomChange,
  phaseOf,
  type Life,
  type Step,
} from './life.ts';

export type InspectStep =
  | { readonly kind: 'adopted'; readonly step: Step }
  /** It shows a start or an end that no event has told yet, or waits for one; look again when the event has had its time. */
  | { readonly kind: 'unsettled' };

/** How an asked-for end looks too. Without its event nobody can tell the two apart. */
const ASKED_EXIT_CODES = new Set([0, 130, 137, 143]);

/** A look at a container by inspect, at `now` of the controller's clock. */
export interface Look {
  readonly facts: ContainerFacts;
  readonly now: number;
  /** It is the second one, and no event has explained what the first showed: the inspect alone must. */
  readonly isSettled: boolean;
}

/** What an inspect changes. */
export function applyInspect(life: Life, look: Look): InspectStep {
  const phase = phaseOf(look.facts);
  const isExplained = phase === life.phase && (phase === 'never-run' || isSameRun(life, look.facts));
  const isAwaited = life.oomNoticedAt !== undefined && !look.isSettled;
  if (isExplained && !isAwaited) return { kind: 'adopted', step: adopt(life, look) };
  return look.isSettled ? { kind: 'adopted', step: conclude(life, look) } : { kind: 'unsettled' };
}

function adopt(life: Life, look: Look): Step {
  const { facts } = look;
  const isUpdated = facts.fingerprint.updatable !== life.facts.fingerprint.updatable;
  const oom = oomChanges(life, look);
  const oomToldAt = oom.length > 0 && life.oomNoticedAt === undefined ? newestTime(facts) : life.oomToldAt;
  return {
    life: { ...life, facts, oomToldAt, oomNoticedAt: undefined },
    changes: [...oom, ...when(isUpdated, changeOf('configured', look.now))],
  };
}

/** Events were lost: tells what the inspect alone proves, and no more. */
function conclude(life: Life, look: Look): Step {
  const { facts, now } = look;
  const isNewRun = !isSameRun(life, facts);
  const isNewEnd = phaseOf(facts) === 'ended' && (life.phase !== 'ended' || isNewRun);
  const isAsked = isNewEnd && isAskedFor(life, newestTime(facts));
  const isUnasked = (isNewRun && isPolicyRestart(life, facts)) || (isNewEnd && !isAsked && provesCrash(facts));
  const oom = oomChanges(life, look);
  const concluded: Life = {
    ...life,
    facts,
    phase: phaseOf(facts),
    isStartTold: !isNewRun && life.isStartTold,
    endToldAt: Math.max(life.endToldAt, newestTime(facts)),
    oomToldAt: oom.length > 0 ? newestTime(facts) : life.oomToldAt,
    oomNoticedAt: undefined,
    askedAt: undefined,
    stopRequestedAt: isAsked ? now : undefined,
  };
  const crash = when(isUnasked, changeOf('crashed', now, facts.exitCode));
  const again = when(isNewRun && life.phase !== 'never-run', changeOf('restarted', now));
  return { life: concluded, changes: [...oom, ...crash, ...again] };
}

function when(holds: boolean, change: Change): readonly Change[] {
  return holds ? [change] : [];
}

/** After a start event `facts.startedAt` is the event's time, a little later than what the engine writes. */
function isSameRun(life: Life, facts: ContainerFacts): boolean {
  const { startedAt = 0 } = facts;
  if (startedAt === life.facts.startedAt) return true;
  const lead = life.startToldAt - startedAt;
  return life.isStartTold && lead >= 0 && lead <= LONGEST_START_MS;
}

function oomChanges(life: Life, look: Look): readonly Change[] {
  const isNews = look.facts.oomKilled && life.oomToldAt < (look.facts.startedAt ?? 0);
  return isNews ? [changeOf('oomKilled', look.now)] : oomChange(life, look.now);
}

/** The engine restarts by itself only what ended unasked. */
function isPolicyRestart(life: Life, facts: ContainerFacts): boolean {
  return facts.restartCount > life.facts.restartCount;
}

function provesCrash(facts: ContainerFacts): boolean {
  return facts.state === 'restarting' || facts.oomKilled || !ASKED_EXIT_CODES.has(facts.exitCode ?? 0);
}
