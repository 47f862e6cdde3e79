import type { ContainerEvent, EventAction } from './decode/events.ts';
import type { ContainerFacts } from './decode/inspect.ts';
import { changeOf, isAskedFor, LONGEST_START_MS, oomChange, type Life, type Step } from './life.ts';

/** Out-of-memory kills closer than this are one: a fork storm makes hundreds. */
const OOM_APART_MS = 1000;
/** Signals that end a process unless it handles them; others (HUP, USR1) ask for something else. */
const ENDING_SIGNALS = new Set(['2', '3', '9', '15', 'SIGINT', 'SIGQUIT', 'SIGKILL', 'SIGTERM', 'INT', 'KILL', 'TERM']);

type Handler = (life: Life, event: ContainerEvent, now: number) => Step;

/** What an event changes. `now` is the controller's clock. */
export function applyEvent(life: Life, event: ContainerEvent, now: number): Step {
  return HANDLERS[event.action](life, event, now);
}

const nothing: Handler = (life) => ({ life, changes: [] });

const HANDLERS: Readonly<Record<EventAction, Handler>> = {
  create: nothing,
  start: applyStart,
  die: applyDie,
  oom: applyOom,
  kill: (life, event) => quietly(isEnding(event, life) ? { ...life, askedAt: event.at } : life),
  stop: applyStop,
  pause: (life) => quietly(life, life.phase === 'running' ? { state: 'paused' } : {}),
  unpause: (life) => quietly(life, life.phase === 'running' ? { state: 'running' } : {}),
  // It comes after `start`, which has told everything; a restart by policy has none.
  restart: nothing,
  rename: (life, event) => quietly(life, { name: event.name || life.facts.name }),
  // What was updated is in the inspect that follows every event.
  update: nothing,
  destroy: nothing,
  health_status: (life, event) =>
    quietly(life, life.phase === 'running' ? { health: event.health ?? life.facts.health } : {}),
};

function applyStart(life: Life, event: ContainerEvent, now: number): Step {
  if (event.at <= life.startToldAt || event.at < (life.facts.startedAt ?? 0)) return quietly(life);
  const told = { ...life, startToldAt: event.at, isStartTold: true };
  if (isKnownStart(life, event)) return quietly(told);
  const endToldAt = Math.max(life.endToldAt, life.facts.startedAt ?? 0);
  const started = quietly(
    { ...told, phase: 'running', endToldAt, askedAt: undefined, stopRequestedAt: undefined },
    { state: 'running', startedAt: event.at, finishedAt: undefined, exitCode: undefined, pid: 0 },
  );
  return { ...started, changes: life.phase === 'never-run' ? [] : [changeOf('restarted', now)] };
}

/** Whether an inspect was faster than this event, and told of its run already; that run may have ended since. */
function isKnownStart(life: Life, event: ContainerEvent): boolean {
  const { startedAt = 0, finishedAt = 0 } = life.facts;
  if (life.isStartTold || event.at - startedAt > LONGEST_START_MS) return false;
  return life.phase === 'running' || (life.phase === 'ended' && event.at <= finishedAt);
}

function applyDie(life: Life, event: ContainerEvent, now: number): Step {
  if (event.at <= life.endToldAt) return quietly(life);
  const isAsked = isAskedFor(life, event.at);
  const stopRequestedAt = isAsked ? (life.stopRequestedAt ?? now) : life.stopRequestedAt;
  const told: Life = { ...life, phase: 'ended', endToldAt: event.at, stopRequestedAt, oomNoticedAt: undefined };
  // The inspect was faster than the event, and told of the end.
  if (life.phase === 'ended') return quietly(told);
  const ended = quietly(told, {
    state: !isAsked && isStartedAgain(life.facts, event.exitCode) ? 'restarting' : 'exited',
    health: 'none',
    finishedAt: event.at,
    exitCode: event.exitCode,
    pid: 0,
  });
  return {
    ...ended,
    changes: [...oomChange(life, now), ...(isAsked ? [] : [changeOf('crashed', now, event.exitCode)])],
  };
}

/** Until the inspect that follows says so: an engine that gives up says `exited`. */
function isStartedAgain({ restartPolicy }: ContainerFacts, exitCode: number | undefined): boolean {
  return restartPolicy === 'always' || (restartPolicy === 'on-failure' && exitCode !== 0);
}

/** Engines before 28 tell `die, stop`, later ones `stop, die`; a stop between two policy restarts has no `die`. */
function applyStop(life: Life, event: ContainerEvent, now: number): Step {
  if (life.phase !== 'ended') return quietly({ ...life, askedAt: event.at });
  return quietly({ ...life, stopRequestedAt: life.stopRequestedAt ?? now }, { state: 'exited' });
}

/**
 * Of the main process, whose `die` follows, or of a child, which the container may survive: whichever it is goes with it
 * into one message, so it is told by the `die`, or by the inspect that waited for one in vain.
 */
function applyOom(life: Life, event: ContainerEvent, now: number): Step {
  const isNews = event.at - life.oomToldAt >= OOM_APART_MS;
  const isOverdue = life.oomNoticedAt !== undefined && now - life.oomNoticedAt >= OOM_APART_MS;
  const noticedAt = isNews ? now : undefined;
  const noticed: Life = {
    ...life,
    oomToldAt: isNews ? event.at : life.oomToldAt,
    oomNoticedAt: isOverdue ? noticedAt : (life.oomNoticedAt ?? noticedAt),
  };
  return { life: noticed, changes: isOverdue ? [changeOf('oomKilled', now)] : [] };
}

function isEnding(event: ContainerEvent, life: Life): boolean {
  const signal = event.signal ?? '';
  return ENDING_SIGNALS.has(signal) || signal === life.facts.stopSignal;
}

function quietly(life: Life, facts: Partial<ContainerFacts> = {}): Step {
  return { life: { ...life, facts: { ...life.facts, ...facts } }, changes: [] };
}
