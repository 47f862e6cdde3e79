import { breakOff, carryOn } from '../alert/episode.ts';
import type { Clock } from '../clock.ts';
import type { Alert } from '../model/alert.ts';
import type { AlertEpisode } from '../model/episode.ts';
import type { Chronicle } from '../record/history/chronicle.ts';
import type { AlertSink } from './ledger.ts';

/** Writes the story of each firing while its alert is written. */
export interface Chronicler extends AlertSink {
  /** Takes up the stories that an earlier process left open; `alerts` are those that it left. */
  resume(alerts: readonly Alert[]): Promise<void>;
}

export interface ChroniclerDeps {
  readonly chronicle: Pick<Chronicle, 'keep' | 'openEpisodes'>;
  /** Where the alerts go. */
  readonly sink: AlertSink;
  readonly clock: Clock;
}

interface Known {
  readonly alert: Alert;
  readonly story: AlertEpisode | undefined;
}

/** As many as there can be alerts. */
const MAX_OPEN = 20_000;

/** A sink before another: each version of an alert that is to be written carries its story on. */
export function createChronicler({ chronicle, sink, clock }: ChroniclerDeps): Chronicler {
  const known = new Map<string, Known>();

  function take(alert: Alert): void {
    const before = known.get(alert.key);
    const story = carryOn(before?.story, before?.alert, alert, clock.now());
    known.set(alert.key, { alert, story });
    if (story !== undefined) chronicle.keep(story);
  }

  function drop({ key }: Alert): void {
    const story = known.get(key)?.story;
    known.delete(key);
    if (story !== undefined && story.resolvedAt === undefined)
      chronicle.keep(breakOff(story, 'policyGone', clock.now()));
  }

  return {
    async resume(alerts) {
      for (const alert of alerts) known.set(alert.key, { alert, story: undefined });
      for (const story of await chronicle.openEpisodes(MAX_OPEN)) {
        const present = known.get(story.key);
        if (present?.alert.state !== 'pending' && present?.alert.firedAt === story.firedAt) {
          known.set(story.key, { alert: present.alert, story });
          if (present.alert.state === 'resolved') take(present.alert);
        } else {
          chronicle.keep(breakOff(story, 'unknown', clock.now()));
        }
      }
    },
    async save(alerts) {
      for (const alert of alerts) take(alert);
      await sink.save(alerts);
    },
    async remove(alerts) {
      for (const alert of alerts) drop(alert);
      await sink.remove(alerts);
    },
  };
}
