import type { Collector } from '../collect/collect.ts';
import type { ReadSamples } from '../loadtest/impact.ts';
import type { LoadSurroundings } from '../loadtest/result.ts';
import type { Alert } from '../model/alert.ts';
import type { LoadAlert } from '../model/load-test.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { History } from '../record/history/history.ts';
import type { Windows } from '../record/window.ts';

export interface LoadSurroundingsDeps {
  readonly collector: Collector;
  readonly pipeline: Pick<Pipeline, 'wake'>;
  readonly alerts: () => readonly Alert[];
  readonly windows: Windows;
  readonly history: History;
  readonly objectName: (alert: Alert) => string;
}

/** Past this a run is older than the recent samples in memory, or soon will be. */
const RECENT_MS = 3_000_000;
const HISTORY_POINTS = 1000;

/** What load tests see of the rest: containers, samples, alerts. */
export function createLoadSurroundings(deps: LoadSurroundingsDeps): LoadSurroundings {
  const { collector, pipeline, alerts } = deps;
  return {
    targets: collector.targets,
    readSamples: createSampleReader(deps),
    alertsBetween: (fromMs, toMs) =>
      alerts().flatMap((alert) => (firedBetween(alert, fromMs, toMs) ? [loadAlert(alert, deps)] : [])),
    wake: pipeline.wake,
  };
}

/** From memory while the run fits into it, else from the history. */
function createSampleReader({ windows, history }: LoadSurroundingsDeps): ReadSamples {
  return async ({ targetId, metric, fromMs, toMs }) => {
    if (toMs - fromMs > RECENT_MS) {
      return (await history.query({ targetId, metric, fromMs, toMs, maxPoints: HISTORY_POINTS })).points;
    }
    const points = windows.recent(targetId).since(metric, fromMs);
    return points.filter(({ at }) => at <= toMs).map(({ at, value }) => ({ at, mean: value, max: value }));
  };
}

function firedBetween(alert: Alert, fromMs: number, toMs: number): boolean {
  return alert.state !== 'pending' && alert.firedAt >= fromMs && alert.firedAt <= toMs;
}

function loadAlert(alert: Alert, { objectName }: LoadSurroundingsDeps): LoadAlert {
  return { name: objectName(alert), rule: alert.rule, severity: alert.severity, container: alert.target.name };
}
