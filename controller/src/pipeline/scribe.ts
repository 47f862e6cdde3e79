import type { LoadReader } from '../model/load-test.ts';
import type { History } from '../record/history/history.ts';
import type { Logs } from '../record/logs/logs.ts';
import { toSample } from '../record/sample.ts';
import type { Windows } from '../record/window.ts';
import type { LabelMemory } from './label-memory.ts';
import type { Seen } from './look.ts';
import type { Sightings } from './sightings.ts';

export interface ScribeDeps {
  readonly sightings: Sightings;
  readonly labels: LabelMemory;
  readonly windows: Windows;
  readonly history: History;
  readonly logs: Logs;
  /** Load tests that run now. */
  readonly loads?: LoadReader | undefined;
}

/** The second stage: one sample and one line for each container, however many policies looked at it. */
export function recordSeen(deps: ScribeDeps, seen: readonly Seen[]): void {
  const { sightings, labels, windows, history, logs, loads } = deps;
  for (const { due, observations } of seen) {
    for (const observation of observations) sightings.take(due.run.policy.key, observation);
  }
  const ids = new Set(seen.flatMap(({ observations }) => observations.map(({ target }) => target.id)));
  const merged = [...ids].flatMap((id) => sightings.latest(id) ?? []);
  for (const { target } of merged) labels.remember(target);
  const samples = merged.map(toSample);
  for (const sample of samples) windows.append(sample);
  history.append(samples);
  logs.write(merged.map((observation) => ({ observation, requestsPerSecond: loads?.on(observation.target.id)?.rate })));
}
