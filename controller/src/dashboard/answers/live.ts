import type { HostStatus } from '../../model/host.ts';
import type { LoadTestSnapshot } from '../../model/load-test.ts';
import type { Problem } from '../../model/problem.ts';
import type { Severity } from '../../model/severity.ts';
import type { EmailSnapshot } from '../../model/snapshot.ts';
import type { AlertView, PolicyView } from '../view.ts';

/**
 * `GET api/live`: server-sent events. In order: `hello`, then `state`, or the changes that were missed since the
 * `Last-Event-ID` (header, or `last` in the query: a new EventSource cannot set the header); then `change`, `screen`
 * and `alive` as they come. `state` and `change` carry an id; the others do not, and are not repeated after a break.
 * Data is JSON of the interface named after the event. 401 before anything when a sign-in is needed; 503 when full.
 */
export interface LiveEvents {
  readonly hello: LiveHello;
  readonly state: LiveState;
  readonly change: LiveChange;
  readonly screen: LiveScreen;
  readonly alive: LiveAlive;
  readonly bye: LiveBye;
}

export interface LiveHello {
  /** Name of this stream, for `POST api/live/:stream/screen`; another one after each reconnect. */
  readonly stream: string;
  /** The changes since the id that was asked for follow; otherwise a whole `state` does. */
  readonly resumed: boolean;
  /** Something comes at least this often; silence for twice as long means that the connection is dead. */
  readonly heartbeatMs: number;
}

/** Everything, without what only the rows on screen need. */
export interface LiveState extends LiveSections {
  /** When the controller last looked at what is due: the age of what is shown. Stale when it does not move. */
  readonly at: number;
  readonly rows: readonly LiveRow[];
}

/** What differs since the event before; what is the same is left out. */
export interface LiveChange extends Partial<LiveSections> {
  readonly at: number;
  /** New rows, and rows of which more than the readings changed: whole. */
  readonly rows?: readonly LiveRow[];
  /** Only the readings changed. Rows that are not on screen come together every few seconds. */
  readonly readings?: readonly LiveReadings[];
  /** Ids of rows that are gone. */
  readonly removed?: readonly string[];
}

/** Each is sent whole when something in it changed. */
export interface LiveSections {
  readonly hosts: readonly HostStatus[];
  /** Firing first, worst first, newest first. */
  readonly alerts: readonly LiveAlert[];
  readonly policies: readonly PolicyView[];
  readonly loadTests: readonly LoadTestSnapshot[];
  readonly problems: readonly Problem[];
  readonly email: EmailSnapshot;
}

export interface LiveAlert extends AlertView {
  /** Id of the container, or of the host. */
  readonly target: string;
  /** Name of the silence that holds its messages back. */
  readonly silencedBy: string | null;
  /** The alert that explains it better. */
  readonly inhibitedBy: string | null;
  readonly acknowledgedBy: string | null;
}

/** One container, with all that filter, sort order and totals need. */
export interface LiveRow extends LiveReadings {
  readonly name: string;
  readonly host: string;
  /** Compose project or Kubernetes namespace; empty when there is none. */
  readonly namespace: string;
  readonly image: string;
  /** For the filter: the container's own labels, bounded, without those of Docker, Compose and the image. */
  readonly labels: Readonly<Record<string, string>>;
  /** Docker's state, or `unreachable`. */
  readonly state: string;
  readonly health: string;
  /** Worst firing severity; `ok` without one, `unknown` where it cannot be told. */
  readonly severity: Severity | 'ok' | 'unknown';
  readonly note: string;
  readonly policies: readonly string[];
  /** `quiet`: of those that fire, how many are silenced or acknowledged. */
  readonly alerts: { readonly firing: number; readonly pending: number; readonly quiet: number };
  readonly http: { readonly up: boolean; readonly status: number | null; readonly error: string | null } | null;
  readonly database: { readonly up: boolean; readonly error: string | null } | null;
  readonly restarts: number | null;
  readonly startedAt: number | null;
  /** Name of the load test that drives it now. */
  readonly loadtest: string | null;
}

/** The numbers that move all the time, rounded to what is shown. */
export interface LiveReadings {
  readonly id: string;
  readonly cpuPercent: number | null;
  readonly memoryPercent: number | null;
  readonly memoryBytes: number | null;
  /** Of the HTTP probe. */
  readonly latencySeconds: number | null;
  readonly seenAt: number;
}

/** What the rows on screen show beyond the others, as it changes; at once after `POST api/live/:stream/screen`. */
export interface LiveScreen {
  readonly at: number;
  readonly rows: readonly ScreenRow[];
  /** Present when asked for and changed: the last lines of metrics.log and status.log, oldest first. */
  readonly metricsLines?: readonly string[];
  readonly statusLines?: readonly string[];
}

export interface ScreenRow extends LiveReadings {
  readonly memoryLimitBytes: number | null;
  readonly databaseLatencySeconds: number | null;
  /** What the database probe read. */
  readonly databaseValue: number | null;
  /** Sparklines, oldest first. */
  readonly cpuHistory: readonly number[];
  readonly memoryHistory: readonly number[];
  readonly latencyHistory: readonly number[];
  /** Lowest line that a rule draws, percent; null when none does. */
  readonly cpuThreshold: number | null;
  readonly memoryThreshold: number | null;
}

/** Nothing changed; `at` is as in `state`. */
export interface LiveAlive {
  readonly at: number;
  /** The controller's clock, epoch milliseconds: `now - at` is the age whatever the clock of the page. */
  readonly now: number;
}

/** Last event of a stream. `signedOut`: the session ended; `shutdown`: the controller stops, reconnect. */
export interface LiveBye {
  readonly reason: 'signedOut' | 'shutdown';
}

/** `POST api/live/:stream/screen`: replaces what was said before. Answers 204; 404 when the stream is gone. */
export interface ScreenRequest {
  /** Ids of the rows on screen, at most {@link MAX_SCREEN_IDS}. */
  readonly ids: readonly string[];
  /** Whether the log lines are on screen. */
  readonly lines?: boolean;
}

export const MAX_SCREEN_IDS = 200;
