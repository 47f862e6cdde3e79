import type { Alert } from '../model/alert.ts';
import { compareSeverity } from '../model/severity.ts';
import type { Due } from './due.ts';
import { saysNotRunning } from './inhibit.ts';

/** What is due or has been told, and who reads of it. */
export interface Addressed {
  readonly due: Due;
  /** Nobody when it is not told. */
  readonly to: readonly string[];
}

/** An alert that fires and has been told, and its readers. */
export interface Spoken {
  readonly alert: Alert;
  readonly to: readonly string[];
}

/**
 * Notes about a start that something else tells along to the same readers: the end of an outage, under the subject of its
 * thread; or, for as long as it fires, an alert that the container is started again and again.
 */
export function toldAlong(addressed: readonly Addressed[], spoken: readonly Spoken[]): ReadonlySet<Due> {
  const due = addressed.filter(({ to }) => to.length > 0);
  const ends = due.filter((one) => isEndOfOutage(one.due)).map(toSpoken);
  const loops = [...spoken, ...due.map(toSpoken)].filter(({ alert }) => saysRestarting(alert));
  if (ends.length === 0 && loops.length === 0) return new Set();
  const told = addressed.filter(
    (note) =>
      (isStart(note.due) && ends.some((end) => tellsAlong(end, note))) ||
      (isRestart(note.due) && loops.some((loop) => tellsAlong(loop, note) && isNoLess(loop, note))),
  );
  return new Set(told.map(({ due: note }) => note));
}

function toSpoken({ due: { alert }, to }: Addressed): Spoken {
  return { alert, to };
}

function isNoLess({ alert }: Spoken, { due }: Addressed): boolean {
  return compareSeverity(alert.severity, due.alert.severity) >= 0;
}

/** By a rule about how often the restart policy has started it of late, alone. */
export function saysRestarting({ state, eventLike, values }: Alert): boolean {
  const names = Object.keys(values).filter((name) => name !== 'up');
  return state === 'firing' && !eventLike && names.length > 0 && names.every((name) => restartCount.test(name));
}

const restartCount = /^increaseOver\(restarts,/;

function tellsAlong(spoken: Spoken, note: Addressed): boolean {
  const { alert } = note.due;
  return (
    spoken.alert.policy === alert.policy &&
    spoken.alert.target.id === alert.target.id &&
    note.to.every((reader) => spoken.to.includes(reader))
  );
}

function isEndOfOutage({ alert, reason }: Due): boolean {
  return reason === 'resolved' && saysNotRunning(alert);
}

/** By a rule about starts alone: one that says more has more to tell. */
function isStart({ alert: { eventLike, values } }: Due): boolean {
  return eventLike && Object.keys(values).join() === 'restarted';
}

/** By a rule about starts or the ends before them. */
function isRestart({ alert: { eventLike, values } }: Due): boolean {
  return eventLike && Object.keys(values).every((name) => name === 'restarted' || name === 'crashed');
}
