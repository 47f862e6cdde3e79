import { age, clockTime, dateTime, isoTime, UNKNOWN } from '../format.ts';
import { useNow } from '../now.ts';

/** `2h 5m`, kept true; the time in full on hover. */
export function Age({ from }: { readonly from: number | null }) {
  const now = useNow();
  return from === null ? (
    <>{UNKNOWN}</>
  ) : (
    <time dateTime={isoTime(from)} title={isoTime(from)}>
      {age(from, now)}
    </time>
  );
}

/** The time of day in the zone of the person, with the day unless it is today; ISO 8601 on hover. */
export function Moment({ at }: { readonly at: number | null }) {
  if (at === null) return <>{UNKNOWN}</>;
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return (
    <time dateTime={isoTime(at)} title={isoTime(at)}>
      {isToday ? clockTime(at) : dateTime(at)}
    </time>
  );
}
