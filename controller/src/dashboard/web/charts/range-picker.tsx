import { boundsOf, rangeText, recent, recentNames, shifted, type TimeRange } from './time-range.ts';
import { isoTime } from '../format.ts';
import './range-picker.css';

export interface RangePickerProps {
  readonly range: TimeRange;
  readonly onChange: (range: TimeRange) => void;
  /** Back to what was shown before the zoom. */
  readonly onBack: () => void;
}

/** Chooses what time the charts show; all that a drag can do, by keyboard. */
export function RangePicker({ range, onChange, onBack }: RangePickerProps) {
  const now = Date.now();
  const { fromMs, toMs } = boundsOf(range, now);
  return (
    <div class="range-picker" role="group" aria-label="Time range">
      {recentNames.map((name) => (
        <button
          key={name}
          type="button"
          class="button choice"
          aria-pressed={rangeText(range) === name}
          onClick={() => onChange(recent(name))}
        >
          {name}
        </button>
      ))}
      <button type="button" class="button" title="Earlier by half" onClick={() => onChange(shifted(range, -1, now))}>
        ← earlier
      </button>
      <button
        type="button"
        class="button"
        aria-disabled={range.kind === 'recent'}
        onClick={() => range.kind === 'fixed' && onChange(shifted(range, 1, now))}
      >
        later →
      </button>
      {range.kind === 'fixed' && (
        <span class="range-chosen">
          <time title={isoTime(fromMs)}>{wholeTime(fromMs)}</time> to{' '}
          <time title={isoTime(toMs)}>{wholeTime(toMs)}</time>{' '}
          <button type="button" class="button" onClick={onBack}>
            back
          </button>
        </span>
      )}
    </div>
  );
}

function wholeTime(at: number): string {
  return new Date(at).toLocaleString([], { dateStyle: 'short', timeStyle: 'short', hour12: false });
}
