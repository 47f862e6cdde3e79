/** What the status of a LoadTest remembers of its run. Written before anything is done about it. */
export type RunRecord = PendingRun | ActiveRun | StoppingRun | FinishedRun;

export interface PendingRun {
  readonly phase: 'pending';
  /** Since when it would start if it could. */
  readonly since: number;
  /** Why it does not. */
  readonly held?: Ending | undefined;
  /** The last request for another run that was taken up; in every phase. */
  readonly rerun?: string | undefined;
}

export interface ActiveRun {
  readonly phase: 'launching' | 'waiting' | 'running';
  /** Also the name of the run: no two of a test begin in one millisecond. */
  readonly startedAt: number;
  readonly rerun?: string | undefined;
}

export interface StoppingRun {
  readonly phase: 'stopping';
  readonly startedAt: number;
  readonly stoppingAt: number;
  readonly ending: Ending;
  readonly rerun?: string | undefined;
}

export interface FinishedRun {
  readonly phase: 'finished';
  /** Absent when it never started. */
  readonly startedAt?: number | undefined;
  readonly completedAt: number;
  readonly ending: Ending;
  readonly rerun?: string | undefined;
}

/** Why a run ended, or does not start. */
export interface Ending {
  readonly reason: EndReason;
  readonly message: string;
}

export const endReasons = [
  'ThresholdsPassed',
  'ThresholdsFailed',
  'TargetUnreachable',
  'AbortedOnThreshold',
  'AbortedOnAlert',
  'DeadlineExceeded',
  'GeneratorFailed',
  'TargetNotAllowed',
  'LauncherUnavailable',
  'Suspended',
] as const;
export type EndReason = (typeof endReasons)[number];
