import type { Due } from './due.ts';
import { saysNotRunning } from './inhibit.ts';

/** What is due, and who would read of it. */
export interface Addressed {
  readonly due: Due;
  /** Nobody when it is not told. */
  readonly to: readonly string[];
}

/**
 * Notes about a start that the end of an outage tells along: its readers learn that the container is back, and the same
 * subject keeps that in the thread of the outage.
 */
export function toldAlong(addressed: readonly Addressed[]): ReadonlySet<Due> {
  const ends = addressed.filter(({ due, to }) => to.length > 0 && isEndOfOutage(due));
  if (ends.length === 0) return new Set();
  const notes = addressed.filter(({ due }) => isStart(due));
  return new Set(notes.filter((note) => ends.some((end) => tellsAlong(end, note))).map(({ due }) => due));
}

function tellsAlong(end: Addressed, note: Addressed): boolean {
  const [ended, started] = [end.due.alert, note.due.alert];
  return (
    ended.policy === started.policy &&
    ended.target.id === started.target.id &&
    note.to.every((reader) => end.to.includes(reader))
  );
}

function isEndOfOutage({ alert, reason }: Due): boolean {
  return reason === 'resolved' && saysNotRunning(alert);
}

/** By a rule about starts alone: one that says more has more to tell. */
function isStart({ alert: { eventLike, values } }: Due): boolean {
  return eventLike && Object.keys(values).join() === 'restarted';
}
