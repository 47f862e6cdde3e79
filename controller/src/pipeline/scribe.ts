import type { LoadReader } from '../model/load-test.ts';
import type { Chronicle } from '../record/history/chronicle.ts';
import type { History } from '../record/history/history.ts';
import type { Logs } from '../record/logs/logs.ts';
import { toSample } from '../record/sample.ts';
import type { Windows } from '../record/window.ts';
import type { LabelMemory } from './label-memory.ts';
import type { ChangeMark } from '../model/episode.ts';
import type { Sample } from '../model/metrics.ts';
import { changesAfter, type Observation } from '../model/observation.ts';
import type { Seen } from './look.ts';
import type { Sightings } from './sightings.ts';
import { slices } from './slices.ts';

export interface ScribeDeps {
  readonly sightings: Sightings;
  readonly labels: LabelMemory;
  readonly windows: Windows;
  readonly history: History;
  readonly logs: Logs;
  /** Where it is kept what happened to containers; absent: nowhere. */
  readonly chronicle?: Pick<Chronicle, 'mark'> | undefined;
  /** Load tests that run now. */
  readonly loads?: LoadReader | undefined;
}

/**
 * The second stage: one sample and one line for each container, however many policies looked at it. Yields between
 * slices, so that thousands of containers do not hold up the rest of the process.
 */
export function* recordSeen(deps: ScribeDeps, seen: readonly Seen[]): Generator<void> {
  const { sightings, labels, windows, history, logs, loads } = deps;
  deps.chronicle?.mark(seen.flatMap(({ observations }) => observations.flatMap((one) => newMarks(sightings, one))));
  for (const { due, observations } of seen) {
    for (const observation of observations) sightings.take(due.run.policy.key, observation);
  }
  const ids = new Set(seen.flatMap(({ observations }) => observations.map(({ target }) => target.id)));
  const samples: Sample[] = [];
  for (const slice of slices([...ids])) {
    const merged = slice.flatMap((id) => sightings.latest(id) ?? []);
    for (const observation of merged) {
      labels.remember(observation.target);
      const sample = toSample(observation);
      windows.append(sample);
      samples.push(sample);
    }
    logs.write(
      merged.map((observation) => ({ observation, requestsPerSecond: loads?.on(observation.target.id)?.rate })),
    );
    yield;
  }
  history.append(samples);
}

/** What happened since the last look; two policies that look at once tell the same, which is kept once. */
function newMarks(sightings: Sightings, observation: Observation): readonly ChangeMark[] {
  if (observation.kind === 'unreachable' || observation.changes.length === 0) return [];
  const { id } = observation.target;
  const seenAt = sightings.latest(id)?.at ?? Number.NEGATIVE_INFINITY;
  return changesAfter(observation, seenAt).map((change) => ({ ...change, targetId: id }));
}
