import { Agent, type Dispatcher } from 'undici';
import type { Clock } from '../../clock.ts';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Leader, Leadership } from '../../model/leadership.ts';
import { REPLICA_HEADER, signReplica, type ReplicaClaim, type ReplicaKey } from '../access/replica-key.ts';

/** The way to the replica that leads. */
export interface LeaderLink {
  /** Never rejects. The body of an answer must be read or destroyed; it breaks when another replica leads. */
  ask(question: Question): Promise<Heard>;
  /** Undefined while the leader is known and answers; else when one was last heard. */
  leaderless(): { readonly heardAt: number | undefined } | undefined;
  /** Sees who leads now, and lets go of the one before. To be called regularly. */
  look(): void;
  /** Ends what is under way. Idempotent. */
  stop(): Promise<void>;
}

export interface Question {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** With its query, from the root of the API on. */
  readonly path: string;
  /** Who asks; it is signed. */
  readonly claim: ReplicaClaim;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** Within which the answer begins. */
  readonly answerWithinMs: number;
  readonly signal: AbortSignal;
}

export type Heard =
  | { readonly kind: 'answered'; readonly answer: Dispatcher.ResponseData }
  /** Nobody leads, or has said where it is: nothing was sent. */
  | { readonly kind: 'leaderless' }
  /** It did not answer. */
  | { readonly kind: 'failed' }
  /** Too much is asked already: nothing was sent. */
  | { readonly kind: 'busy' };

export interface LeaderLinkDeps {
  readonly leadership: Pick<Leadership, 'leader'>;
  readonly key: ReplicaKey;
  /** Where a proxy shows the page, as in {@link basePath}: the leader takes it away again. */
  readonly base: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Questions whose answers have not begun; more than a few hundred pages ask at once. */
const MAX_WAITING = {
  known: 256,
  /** Of those who have not signed in: they must not keep the others out. */ nobody: 32,
};
/** Streams take one each for as long as they are open; the leader has 1000 of them. */
const MAX_CONNECTIONS = 1500;
const CONNECT_TIMEOUT_MS = 3000;
/** A stream says something every 15 s. */
const SILENCE_MS = 45_000;

interface Line {
  readonly leader: Leader;
  readonly origin: string;
  readonly agent: Agent;
  readonly over: AbortController;
}

export function createLeaderLink(deps: LeaderLinkDeps): LeaderLink {
  const { leadership, clock, log } = deps;
  const closing = new Set<Promise<void>>();
  let line: Line | undefined;
  const waiting = { known: 0, nobody: 0 };
  let isFailing = false;
  let heardAt: number | undefined;
  let isStopped = false;

  function hangUp(): void {
    if (line === undefined) return;
    const { agent, over } = line;
    line = undefined;
    over.abort(new Error('another replica leads'));
    const closed = agent.destroy().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  function current(): Line | undefined {
    const leader = isStopped ? undefined : leadership.leader();
    if (line !== undefined && line.leader.identity === leader?.identity && line.leader.url === leader.url) return line;
    hangUp();
    isFailing = false;
    const origin = originOf(leader?.url);
    if (leader !== undefined && origin !== undefined) line = openLine(leader, origin);
    return line;
  }

  function failed(to: Line, error: unknown): Heard {
    if (!isFailing) {
      log.warn(
        { leader: to.leader.identity, url: to.origin, error: errorMessage(error) },
        'the leader does not answer',
      );
    }
    isFailing = true;
    return { kind: 'failed' };
  }

  async function ask(question: Question): Promise<Heard> {
    const to = current();
    if (to === undefined) return { kind: 'leaderless' };
    const who = question.claim.kind === 'user' && question.claim.identity === null ? 'nobody' : 'known';
    if (waiting[who] >= MAX_WAITING[who]) return { kind: 'busy' };
    waiting[who] += 1;
    try {
      const answer = await send(deps, to, question);
      isFailing = false;
      heardAt = clock.now();
      return { kind: 'answered', answer };
    } catch (error) {
      // Whoever asked is gone, or somebody else leads: that says nothing about this one.
      return question.signal.aborted || line !== to ? { kind: 'failed' } : failed(to, error);
    } finally {
      waiting[who] -= 1;
    }
  }

  function look(): void {
    if (current() !== undefined && !isFailing) heardAt = clock.now();
  }

  return {
    ask,
    look,
    leaderless: () => (current() === undefined || isFailing ? { heardAt } : undefined),
    async stop() {
      isStopped = true;
      hangUp();
      await Promise.all(closing);
    },
  };
}

function openLine(leader: Leader, origin: string): Line {
  const agent = new Agent({
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    bodyTimeout: SILENCE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  });
  return { leader, origin, agent, over: new AbortController() };
}

/** No redirect is followed: the agent has no such interceptor. */
function send(
  { key, base, clock }: LeaderLinkDeps,
  { agent, origin, over }: Line,
  { method, path, claim, headers, body, answerWithinMs, signal }: Question,
): Promise<Dispatcher.ResponseData> {
  return agent.request({
    origin,
    path: `${base}${path}`,
    method,
    headers: { ...headers, [REPLICA_HEADER]: signReplica(key, claim, { method, path, now: clock.now() }) },
    body: body ?? null,
    headersTimeout: answerWithinMs,
    signal: AbortSignal.any([signal, over.signal]),
  });
}

/** Of `http://10.0.0.7:8001`; undefined for an address that says more than where it is. */
export function originOf(address: string | undefined): string | undefined {
  const url = address === undefined ? null : URL.parse(address);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const isPlain = [url.username, url.password, url.search, url.hash].every((part) => part === '');
  return isPlain && url.pathname === '/' ? url.origin : undefined;
}
