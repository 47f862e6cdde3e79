import type { AlertBook } from '../alert/book.ts';
import { findHolds } from '../alert/holds.ts';
import { silenceState } from '../alert/silence.ts';
import type { Clock } from '../clock.ts';
import type { Alert } from '../model/alert.ts';
import type { Silence, SilenceState } from '../model/silence.ts';
import type { LabelMemory } from './label-memory.ts';
import { notifyPolicies, type DefaultRecipients } from './recipients.ts';
import type { Runs } from './runs.ts';

/** Where a silence stands, and how many firing alerts it holds back. */
export interface SilenceStanding {
  readonly state: SilenceState;
  readonly matched: number;
}

/** The silences in force. */
export interface Silences {
  put(silence: Silence): void;
  remove(silenceKey: string): void;
  standing(silenceKey: string): SilenceStanding | undefined;
}

/** Notes in the alerts what keeps them from being told: silences, and other alerts that explain them. */
export interface Holder extends Silences {
  /** Notes what holds now; gives the alerts that this changed. */
  hold(now: number): readonly Alert[];
}

export interface HolderDeps {
  readonly book: AlertBook;
  readonly runs: Runs;
  readonly labels: LabelMemory;
  readonly defaults: DefaultRecipients;
  readonly clock: Clock;
  /** Name of the object that holds an alert. */
  readonly objectName: (alert: Alert) => string;
}

export function createHolder({ book, runs, labels, defaults, clock, objectName }: HolderDeps): Holder {
  const silences = new Map<string, Silence>();
  let matched: ReadonlyMap<string, number> = new Map();
  return {
    put(silence) {
      silences.set(silence.key, silence);
    },
    remove(silenceKey) {
      silences.delete(silenceKey);
    },
    standing(silenceKey) {
      const silence = silences.get(silenceKey);
      if (silence === undefined) return undefined;
      const state = silenceState(silence, clock.now());
      return { state, matched: state === 'Active' ? (matched.get(silenceKey) ?? 0) : 0 };
    },
    hold(now) {
      const held = findHolds({
        alerts: book.list(),
        policies: notifyPolicies(runs, defaults),
        defaults,
        silences: [...silences.values()],
        labelsOf: ({ target }) => labels.labelsOf(target),
        nameOf: objectName,
        now,
      });
      matched = held.matched;
      return book.hold(held.holds);
    },
  };
}
