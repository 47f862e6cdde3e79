import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.ts';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Leadership } from '../../model/leadership.ts';
import { REPLICA_HEADER, signReplica, type ReplicaClaim, type ReplicaKey } from '../access/replica-key.ts';
import { createLines, type Line } from './line.ts';

/** The way to the replica that leads. */
export interface LeaderLink {
  /** Never rejects. The body of an answer must be read or destroyed; it breaks when another replica leads. */
  ask(question: Question): Promise<Heard>;
  /** As {@link ask}, where what is answered does not matter. */
  tell(question: Question): Promise<Heard['kind']>;
  /** Undefined while the leader is known and answers; else when one was last heard. */
  leaderless(): { readonly heardAt: number | undefined } | undefined;
  /** Sees who leads now and whether it is there, and lets go of the one before. To be called regularly. */
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
/** A leader that nobody asked for so long is asked whether it is there. */
export const PING_EVERY_MS = 10_000;
const PING_WITHIN_MS = 3000;

const health: Omit<Question, 'signal'> = {
  method: 'GET',
  path: '/healthz',
  claim: { kind: 'member', name: 'follower' },
  headers: {},
  answerWithinMs: PING_WITHIN_MS,
};

export function createLeaderLink(deps: LeaderLinkDeps): LeaderLink {
  const { clock, log } = deps;
  const lines = createLines(deps.leadership);
  const stopping = new AbortController();
  const waiting = { known: 0, nobody: 0 };
  let failing: Line | undefined;
  let heardAt: number | undefined;
  let pinging: Promise<void> | undefined;

  function failed(line: Line, error: unknown): Heard {
    const { leader, origin } = line;
    if (failing !== line) {
      log.warn({ leader: leader.identity, url: origin, error: errorMessage(error) }, 'the leader does not answer');
    }
    failing = line;
    return { kind: 'failed' };
  }

  async function ask(question: Question): Promise<Heard> {
    const line = lines.current();
    if (line === undefined) return { kind: 'leaderless' };
    const who = question.claim.kind === 'user' && question.claim.identity === null ? 'nobody' : 'known';
    if (waiting[who] >= MAX_WAITING[who]) return { kind: 'busy' };
    waiting[who] += 1;
    try {
      const answer = await send(deps, line, question);
      if (failing === line) failing = undefined;
      heardAt = clock.now();
      return { kind: 'answered', answer };
    } catch (error) {
      // Whoever asked is gone, or somebody else leads: that says nothing about this one.
      return question.signal.aborted || line.over.aborted ? { kind: 'failed' } : failed(line, error);
    } finally {
      waiting[who] -= 1;
    }
  }

  async function tell(question: Question): Promise<Heard['kind']> {
    const heard = await ask(question);
    if (heard.kind === 'answered') letGo(heard.answer.body);
    return heard.kind;
  }

  async function ping(): Promise<void> {
    await tell({ ...health, signal: stopping.signal });
    pinging = undefined;
  }

  return {
    ask,
    tell,
    look() {
      const isQuiet = heardAt === undefined || clock.now() - heardAt >= PING_EVERY_MS;
      if (lines.current() !== undefined && isQuiet) pinging ??= ping();
    },
    leaderless() {
      const line = lines.current();
      return line === undefined || failing === line ? { heardAt } : undefined;
    },
    async stop() {
      stopping.abort(new Error('this replica stops'));
      await lines.stop();
      await pinging;
    },
  };
}

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
    signal: AbortSignal.any([signal, over]),
  });
}

/** Of an answer that nobody reads, so that nobody else would take its error. */
export function letGo(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined).destroy();
}
