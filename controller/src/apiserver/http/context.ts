import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { PodLogs } from '../docker-view/pod-logs.ts';
import type { Kinds } from '../kinds.ts';
import type { Api } from '../operations.ts';
import type { KindDefinition } from '../kind.ts';
import type { ResourceRequest } from './request-info.ts';
import type { User } from './users.ts';

/** What every handler of a request may use. */
export interface HandlerDeps {
  readonly api: Api;
  readonly kinds: Kinds;
  readonly clock: Clock;
  readonly log: Log;
  /** Absent where no pods are served. */
  readonly podLogs?: PodLogs | undefined;
}

/** One request for a kind that is served, by somebody who may do it. */
export interface KindRequest {
  readonly info: ResourceRequest;
  readonly kind: KindDefinition;
  readonly user: User;
  readonly query: URLSearchParams;
  readonly headers: {
    readonly accept: string | undefined;
    readonly contentType: string | undefined;
    readonly userAgent: string | undefined;
  };
  readonly body: Uint8Array;
}

/** One request as it came in. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** Whose it is. */
  readonly address?: string | undefined;
}

export interface DispatchDeps extends HandlerDeps {
  readonly authenticate: (authorization: string | undefined) => User | 'invalid';
  readonly isReady: () => boolean;
  readonly version: string;
}
