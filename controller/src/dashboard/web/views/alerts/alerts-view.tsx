import { useMemo } from 'preact/hooks';
import type { AlertsAnswer } from '../../../answers/alerts.ts';
import { RangePicker } from '../../charts/range-picker.tsx';
import { Timeline } from '../../charts/timeline.tsx';
import { boundsOf, parseRange, rangeText, recent, type TimeRange } from '../../charts/time-range.ts';
import { Moment } from '../../parts/time.tsx';
import { href, type ViewProps } from '../../route.ts';
import { router } from '../../router.ts';
import { AnswerState } from '../answer-state.tsx';
import { useAnswer } from '../use-answer.ts';
import { filterOf, isWanted } from './alert-filter.ts';
import { alertRow } from './alert-row.tsx';
import { Filters } from './filters.tsx';
import { Silences } from './silences.tsx';
import '../views.css';
import './alerts.css';

const EVERY_MS = 5000;
/** A range that ends now moves in steps of this part of itself. */
const STEPS = 60;
/** More rows are for a narrower filter. */
const MAX_ROWS = 100;

/** `#/alerts?range=24h&state=firing&severity=critical&policy=KEY&q=words&alert=KEY`. */
export function AlertsView({ params: { query } }: ViewProps) {
  const range = useMemo(() => parseRange(query['range'], '24h'), [query['range']]);
  const loaded = useAnswer<AlertsAnswer>('api/alerts', askedTime(range), EVERY_MS, true);
  const filter = filterOf(query);
  const stories = (loaded.value?.alerts ?? []).filter((story) => isWanted(story, filter));
  const bounds = boundsOf(range, Date.now());
  const policies = [...new Set(loaded.value?.alerts.map(({ policy }) => policy))].toSorted();
  return (
    <div class="view alerts-view">
      <h1>Alerts</h1>
      <RangePicker
        range={range}
        onChange={(next) => router.setQuery({ range: rangeText(next) })}
        onBack={() => router.setQuery({ range: rangeText(recent('24h')) })}
      />
      <Filters filter={filter} policies={policies} shown={stories.length} all={loaded.value?.alerts.length ?? 0} />
      <AnswerState loaded={loaded} what="the alerts" />
      {loaded.value !== undefined && stories.length === 0 && (
        <p class="empty">
          {loaded.value.alerts.length === 0 ? 'Nothing was wrong in this time.' : 'No alert fits the filter.'}
        </p>
      )}
      {stories.length > 0 && (
        <Timeline
          label="Alerts along the time"
          bounds={bounds}
          rows={stories.slice(0, MAX_ROWS).map((story) => alertRow(story, query['alert'] === story.key))}
        />
      )}
      {loaded.value !== undefined && (
        <Known answer={loaded.value} hidden={stories.length - MAX_ROWS} from={bounds.fromMs} />
      )}
      <Silences />
      <p class="dim">
        Who is told, and when, is in the <a href={href('policies')}>policies</a>; what was sent is under{' '}
        <a href={href('mails')}>mails</a>.
      </p>
    </div>
  );
}

function askedTime(range: TimeRange): Readonly<Record<string, number>> {
  if (range.kind === 'fixed') return { from: range.fromMs, to: range.toMs };
  const stepMs = range.lengthMs / STEPS;
  return { from: Math.floor((Date.now() - range.lengthMs) / stepMs) * stepMs };
}

function Known({ answer, hidden, from }: { answer: AlertsAnswer; hidden: number; from: number }) {
  const leftOut = Math.max(0, hidden) + answer.leftOut;
  return (
    <>
      {leftOut > 0 && <p class="empty">{leftOut} older ones are left out: choose a shorter time.</p>}
      {answer.knownSince > from && (
        <p class="empty">
          Firings before <Moment at={answer.knownSince} /> are no longer known.
        </p>
      )}
    </>
  );
}
