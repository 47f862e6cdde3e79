import type { MetricName } from '../model/metrics.ts';
import type { Snapshot, TargetSnapshot } from '../model/snapshot.ts';
import type { Standing } from '../model/standing.ts';

/** All that the dashboard may ask of the rest of the controller: it reads, and nothing else. */
export interface DashboardReader {
  snapshot(): Snapshot;
  /** The snapshot without sparklines: what can be made every second for thousands of containers. */
  overview(): Snapshot;
  sparklines(targetId: string): TargetSnapshot['sparklines'];
  /** Lines that the rules of a policy draw for a metric alone. */
  bounds(policyKey: string): Standing['bounds'];
  /** When a pass over what is due last ended well; undefined before the first one. */
  lookedAt(): number | undefined;
  conditions(policyKey: string): readonly ConditionView[];
  /** Last lines of metrics.log or status.log, oldest first; of one container, if its id is given. */
  recentLines(file: 'metrics' | 'status', limit: number, targetId?: string): readonly string[];
  history(request: HistoryQuery): Promise<HistoryAnswer>;
  /** Objects are restored, declarations read and the first round is done. */
  ready(): { readonly ready: true } | { readonly ready: false; readonly waitingFor: string };
  /** Container that the original fields of /api/metrics speak of; the first one when there is no such name. */
  readonly firstContainer: string | undefined;
}

export interface ConditionView {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export interface HistoryQuery {
  readonly targetId: string;
  readonly metric: MetricName;
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxPoints: number;
}

export interface HistoryAnswer {
  readonly resolutionMs: number;
  readonly points: readonly {
    readonly at: number;
    readonly min: number;
    readonly mean: number;
    readonly max: number;
  }[];
}
