import type { Clock } from '../../clock.ts';
import type { DashboardReader } from '../reader.ts';
import { eventText, type Broadcast } from './broadcast.ts';
import { changeJson, difference, type Difference } from './difference.ts';
import { createEventRing } from './event-ring.ts';
import { stateJson, takePicture, type Picture, type RowText, type SectionName } from './picture.ts';
import { screenRow } from './row.ts';

/** Compares what there is with what was shown, and makes the events of the difference. */
export interface Broadcaster extends Broadcast {
  /** Ids of the rows that look otherwise than before. */
  look(now: number): ReadonlySet<string>;
  /** Lets go of everything while nobody watches. */
  forget(): void;
}

/** Readings of rows that are not on screen, and what moves with every tick, are sent together. */
export const SLOW_EVERY_MS = 5000;
const slowSections: readonly SectionName[] = ['policies', 'email'];
/** A minute or more of changes, for a page that lost its connection or slept. */
const ringLimits = { maxEvents: 256, maxBytes: 4_000_000 };
const LOG_LINES = 10;

export function createBroadcaster(deps: { readonly reader: DashboardReader; readonly clock: Clock }): Broadcaster {
  const { reader, clock } = deps;
  const ring = createEventRing(ringLimits);
  const held = createHeldBack();
  let picture: Picture | undefined;
  let state: { readonly of: number; readonly event: Buffer } | undefined;
  let lines: string | undefined;
  // Of a row as it looks now; goes with it.
  let screenTexts = new WeakMap<RowText, string>();

  function screenText(row: RowText): string {
    const text = screenTexts.get(row) ?? JSON.stringify(screenRow(row.seen, reader));
    screenTexts.set(row, text);
    return text;
  }

  return {
    ring,
    look(now) {
      lines = undefined;
      const before = picture;
      picture = takePicture(reader, before);
      if (before === undefined) return new Set();
      const found = difference(before, picture);
      const json = changeJson(picture, held.release(found, now));
      if (json !== undefined) ring.push(Buffer.from(eventText('change', json, ring.idOf(ring.last() + 1))));
      return new Set([...found.rows, ...found.readings]);
    },
    forget() {
      if (picture === undefined) return;
      picture = undefined;
      state = undefined;
      screenTexts = new WeakMap();
      ring.clear();
    },
    state() {
      picture ??= takePicture(reader, undefined);
      if (state?.of !== ring.last()) {
        const event = Buffer.from(eventText('state', stateJson(picture), ring.idOf(ring.last())));
        state = { of: ring.last(), event };
      }
      return state.event;
    },
    screenRows: (ids) => [...ids].flatMap((id) => picture?.rows.get(id) ?? []).map(screenText),
    lines: () => (lines ??= linesJson(reader)),
    alive: () => ({ at: reader.lookedAt() ?? clock.now(), now: clock.now() }),
  };
}

function linesJson(reader: DashboardReader): string {
  const of = (file: 'metrics' | 'status'): string => JSON.stringify(reader.recentLines(file, LOG_LINES));
  return `"metricsLines":${of('metrics')},"statusLines":${of('status')}`;
}

/** Keeps what is not urgent until its time has come. */
function createHeldBack(): { release(found: Difference, now: number): Difference } {
  let readings = new Set<string>();
  let sections = new Set<SectionName>();
  let releasedAt: number | undefined;
  return {
    release(found, now) {
      releasedAt ??= now;
      for (const id of found.readings) readings.add(id);
      for (const name of found.sections) sections.add(name);
      const isTime = now - releasedAt >= SLOW_EVERY_MS || now < releasedAt;
      const due = [...sections].filter((name) => isTime || !slowSections.includes(name));
      for (const name of due) sections.delete(name);
      // A whole row has its readings with it.
      for (const id of [...found.rows, ...found.removed]) readings.delete(id);
      if (!isTime) return { ...found, readings: new Set(), sections: due };
      const released = readings;
      readings = new Set();
      sections = new Set();
      releasedAt = now;
      return { ...found, readings: released, sections: due };
    },
  };
}
