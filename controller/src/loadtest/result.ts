import type { LoadAlert, LoadResult, LoadTest } from '../model/load-test.ts';
import { matchesSelector } from '../model/selector.ts';
import type { Target } from '../model/target.ts';
import { readImpact, type ReadSamples } from './impact.ts';
import type { Output } from './launcher.ts';
import { mergeSeries } from './merge-series.ts';
import { mergeProgress, mergeReports } from './merge.ts';
import type { RunRecord } from '../model/load-run.ts';
import { serviceNameOf, targetsOfService, type FindService } from './service.ts';
import { targetsBehind, type Neighbourhood } from './target.ts';

/** What load tests need to know of the rest of the controller. */
export interface LoadSurroundings {
  targets(): readonly Target[];
  readonly readSamples: ReadSamples;
  /** Alerts that fired between two times. */
  alertsBetween(fromMs: number, toMs: number): readonly LoadAlert[];
  /** Has a container looked at soon, so that a short test has samples. */
  wake(targetId: string): void;
  /** In a cluster, where hosts are Services; absent: they are names of containers. */
  readonly findService?: FindService | undefined;
}

const NO_RESULT: LoadResult = { endpoints: [], impact: [], alerts: [] };

/** What a run has come to so far: in the end exact, by the merged histograms. */
export async function resultOf(
  { readSamples, alertsBetween }: LoadSurroundings,
  run: {
    readonly record: RunRecord;
    readonly outputs: readonly Output[];
    readonly watched: readonly Target[];
    readonly now: number;
  },
): Promise<LoadResult> {
  const { record, outputs, watched, now } = run;
  if (record.phase === 'pending' || record.phase === 'finished') return NO_RESULT;
  const impact = await readImpact(watched, { fromMs: record.startedAt, toMs: now, read: readSamples });
  const alerts = alertsBetween(record.startedAt, now);
  const reports = outputs.flatMap(({ report }) => report ?? []);
  if (reports.length > 0 && reports.length === outputs.length) {
    const { summary, endpoints, doubts } = mergeReports(reports);
    return { summary, endpoints, impact, alerts, doubts, series: mergeSeries(reports) };
  }
  const lines = outputs.flatMap(({ progress }) => progress ?? []);
  return { summary: lines.length === 0 ? undefined : mergeProgress(lines), endpoints: [], impact, alerts };
}

/** The containers that a test drives, and all there are. */
export async function neighbourhoodOf(test: LoadTest, surroundings: LoadSurroundings): Promise<Neighbourhood> {
  const targets = surroundings.targets();
  const { findService } = surroundings;
  if (findService === undefined) return { targets, behind: targetsBehind(test.url, targets) };
  const [namespace = ''] = test.key.split('/');
  const named = serviceNameOf(test.url, namespace);
  const service = named && (await findService(named.namespace, named.name));
  const behind = service === undefined ? [] : targetsOfService(service, targets);
  return { targets, behind, areServices: true };
}

/** The containers whose load is reported. */
export function watchedBy({ watch }: LoadTest, { targets, behind }: Neighbourhood): readonly Target[] {
  return watch === undefined ? behind : targets.filter(({ labels }) => matchesSelector(watch, labels));
}
