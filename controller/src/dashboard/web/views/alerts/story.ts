import type { AlertMoment, AlertStory } from '../../../answers/alerts.ts';
import type { TimelineMoment, TimelineSpan } from '../../charts/timeline.tsx';

/** The states of an alert along the time: in breach, then firing at one severity or another. */
export function spansOf(story: AlertStory): readonly TimelineSpan[] {
  const spans: TimelineSpan[] = [];
  let kind: TimelineSpan['kind'] | undefined = 'pending';
  let fromMs = story.pendingSince;
  let reason = 'in breach, not yet firing';
  const close = (toMs: number | null): void => {
    if (kind !== undefined && (toMs === null || toMs > fromMs)) {
      spans.push({ fromMs, toMs, kind, label: `${kind === 'pending' ? 'pending' : `${kind} fires`}: ${reason}` });
    }
  };
  for (const moment of withFiring(story)) {
    const next = kindAfter(moment, story);
    if (next === 'same') continue;
    close(moment.at);
    kind = next;
    fromMs = moment.at;
    reason = moment.reason;
  }
  close(story.state === 'resolved' ? (story.resolvedAt ?? fromMs) : null);
  return spans;
}

/** An old alert may have lost its moments; when it fired is known all the same. */
function withFiring({ timeline, firedAt, resolvedAt, severity, message }: AlertStory): readonly AlertMoment[] {
  const has = (kind: AlertMoment['kind']): boolean => timeline.some((moment) => moment.kind === kind);
  const fired = { at: firedAt ?? 0, kind: 'fired', severity, reason: message } as const;
  const resolved = { at: resolvedAt ?? 0, kind: 'resolved', severity, reason: '' } as const;
  return [
    ...(firedAt !== null && !has('fired') ? [fired] : []),
    ...timeline,
    ...(resolvedAt !== null && !has('resolved') && !has('dropped') ? [resolved] : []),
  ].toSorted((a, b) => a.at - b.at);
}

function kindAfter(moment: AlertMoment, story: AlertStory): TimelineSpan['kind'] | undefined | 'same' {
  switch (moment.kind) {
    case 'fired':
    case 'escalated':
    case 'deescalated':
      return moment.severity ?? story.severity;
    case 'resolved':
    case 'dropped':
      return undefined;
    default:
      return 'same';
  }
}

const signs: Readonly<Partial<Record<AlertMoment['kind'], string>>> = {
  told: '✉',
  refused: '!',
  silenced: '–',
  acknowledged: '✓',
  inhibited: '⊂',
};

/** What happened besides its states, as signs on the row. */
export function momentsOf({ timeline }: AlertStory): readonly TimelineMoment[] {
  return timeline.flatMap(({ at, kind, reason }) => {
    const sign = signs[kind];
    return sign === undefined ? [] : [{ at, sign, label: `${momentWords[kind]}: ${reason}` }];
  });
}

/** Each moment in words. */
export const momentWords: Readonly<Record<AlertMoment['kind'], string>> = {
  pending: 'in breach',
  fired: 'fired',
  escalated: 'became worse',
  deescalated: 'became less bad',
  resolved: 'resolved',
  dropped: 'ended before it fired',
  told: 'mail sent',
  refused: 'mail refused',
  silenced: 'silenced',
  unsilenced: 'no longer silenced',
  inhibited: 'held back by another alert',
  uninhibited: 'no longer held back by another alert',
  acknowledged: 'acknowledged',
  unacknowledged: 'no longer acknowledged',
};
