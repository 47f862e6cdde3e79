import type { Alert } from '../model/alert.ts';
import type { Container, ContainerLinks, LogChunk } from '../model/container.ts';
import type { AlertEpisode, ChangeMark } from '../model/episode.ts';
import type { Policy } from '../model/policy.ts';
import type { RuleTally, Standing } from '../model/standing.ts';
import type { LoadTestSpan } from './answers/container.ts';
import type { SilenceView } from './answers/alerts.ts';
import type { LoadSample, LoadTestAnswer, LoadTestsAnswer } from './answers/load-tests.ts';
import type { MailsAnswer } from './answers/mails.ts';
import type { PolicyCheckAnswer, PolicyOrigin, PreviewAnswer } from './answers/policies.ts';
import type { Outcome } from './actions.ts';

/** What the page reads besides the snapshot: what is asked of the store, the history or a host when somebody looks. */
export interface DashboardDetails {
  readonly containers: ContainerDetails;
  readonly policies: PolicyDetails;
  /** Firings that overlap the time, newest first. */
  episodes(request: Span & { readonly targetId?: string; readonly limit: number }): Promise<readonly AlertEpisode[]>;
  /** Name of the object that holds an alert. */
  alertObjectName(alert: Alert): string;
  silences(): Promise<readonly SilenceView[]>;
  readonly loadTests: LoadTestDetails;
  readonly mails: MailDetails;
  /** Schema of a kind that people declare, as JSON schema; undefined for another kind. */
  schema(kind: string): unknown;
}

/** Epoch milliseconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ContainerDetails {
  /** As its host last told of it. */
  find(targetId: string): Container | undefined;
  /** Undefined where there is nothing to tell, or nobody to ask. */
  links(targetId: string, signal: AbortSignal): Promise<ContainerLinks | undefined>;
  standings(targetId: string): readonly Standing[];
  /** With the time before each line. Rejects with a FoghornError; the signal ends it quietly. */
  log(targetId: string, tailLines: number, signal: AbortSignal): Promise<AsyncIterable<LogChunk>>;
  /** Why its output cannot be shown; undefined when it can. */
  logMissing(targetId: string): string | undefined;
  marks(request: Span & { readonly targetId: string; readonly limit: number }): Promise<readonly ChangeMark[]>;
  loadSpans(containerName: string, span: Span): Promise<readonly LoadTestSpan[]>;
}

export interface PolicyDetails {
  list(): Promise<readonly DeclaredPolicy[]>;
  read(key: string): Promise<PolicyText | undefined>;
  inForce(key: string): Policy | undefined;
  tally(key: string): readonly RuleTally[];
  check(yaml: string): PolicyCheckAnswer;
  /** Ends within its own bounds; `busy` while another runs. */
  preview(yaml: string, hours: number): Promise<Outcome<PreviewAnswer>>;
}

export interface DeclaredPolicy {
  readonly key: string;
  readonly origin: PolicyOrigin;
  readonly createdAt: number | null;
}

export interface PolicyText extends DeclaredPolicy {
  readonly resourceVersion: string;
  readonly yaml: string;
}

export interface LoadTestDetails {
  list(): Promise<LoadTestsAnswer>;
  read(key: string): Promise<LoadTestAnswer | undefined>;
  samples(): readonly LoadSample[];
}

export interface MailDetails {
  list(): MailsAnswer;
  /** Of a mail that is still kept. */
  html(id: string): string | undefined;
}
