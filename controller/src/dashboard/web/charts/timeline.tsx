import type { ComponentChildren } from 'preact';
import type { Severity } from '../../../model/severity.ts';
import { isoTime } from '../format.ts';
import type { Bounds } from './time-range.ts';
import { place, timeTicks } from './timeline-layout.ts';
import './timeline.css';

/** A coloured piece of a row. */
export interface TimelineSpan {
  readonly fromMs: number;
  /** Null: it still goes on. */
  readonly toMs: number | null;
  readonly kind: Severity | 'pending' | 'quiet';
  /** Said on hover and to screen readers. */
  readonly label: string;
}

export interface TimelineRow {
  readonly key: string;
  readonly head: ComponentChildren;
  readonly spans: readonly TimelineSpan[];
  /** Moments, as marks on the row. */
  readonly moments?: readonly TimelineMoment[];
  /** Below the row, over the whole width. */
  readonly below?: ComponentChildren;
}

export interface TimelineMoment {
  readonly at: number;
  readonly label: string;
  /** One letter or sign. */
  readonly sign: string;
}

const TICKS = 6;
const PHONE_LABELS = 3;

/** One row a thing, its states along one time axis. */
export function Timeline({ bounds, rows, label }: { bounds: Bounds; rows: readonly TimelineRow[]; label: string }) {
  const ticks = timeTicks(bounds, TICKS);
  const every = Math.ceil(ticks.length / PHONE_LABELS);
  return (
    <div class="timeline" role="list" aria-label={label}>
      <div class="timeline-axis" aria-hidden="true">
        {ticks.map((tick, index) => (
          <time
            key={tick.at}
            class={index % every === 0 ? '' : 'minor'}
            style={{ left: `${tick.left}%` }}
            title={isoTime(tick.at)}
          >
            {tick.label}
          </time>
        ))}
      </div>
      {rows.map((row) => (
        <div key={row.key} class="timeline-row" role="listitem">
          <div class="timeline-head">{row.head}</div>
          <div class="timeline-track">
            {ticks.map((tick) => (
              <span key={tick.at} class="timeline-grid" style={{ left: `${tick.left}%` }} />
            ))}
            {row.spans.map((span) => (
              <Span key={`${span.kind}${span.fromMs}`} span={span} bounds={bounds} />
            ))}
            {row.moments?.map((moment) => (
              <Moment key={`${moment.at}${moment.sign}`} moment={moment} bounds={bounds} />
            ))}
          </div>
          {row.below !== undefined && <div class="timeline-below">{row.below}</div>}
        </div>
      ))}
    </div>
  );
}

function Span({ span, bounds }: { span: TimelineSpan; bounds: Bounds }) {
  const placed = place(span.fromMs, span.toMs, bounds);
  if (placed === undefined) return null;
  return (
    <span
      class={`timeline-span ${span.kind}`}
      role="img"
      aria-label={span.label}
      title={span.label}
      style={{ left: `${placed.left}%`, width: `${placed.width}%` }}
    />
  );
}

function Moment({ moment, bounds }: { moment: TimelineMoment; bounds: Bounds }) {
  const placed = place(moment.at, moment.at, bounds);
  if (placed === undefined) return null;
  return (
    <span
      class="timeline-moment"
      style={{ left: `${placed.left}%` }}
      title={`${moment.label}, ${isoTime(moment.at)}`}
      aria-hidden="true"
    >
      {moment.sign}
    </span>
  );
}
